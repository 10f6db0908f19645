//go:build !js

package netio_test

import (
	"context"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/netio"
)

// RFC 4120 §7.2.2: a length in 4 octets before the request and before the
// answer; an answer that is too long, cut off or missing is an error.
func TestAskKDC(t *testing.T) {
	framed := func(length int, text string) string {
		return string(binary.BigEndian.AppendUint32(nil, uint32(length))) + text
	}
	for _, test := range []struct{ name, says, want, err string }{
		{"an answer", framed(6, "ticket"), "ticket", ""},
		{"an empty one", framed(0, ""), "", ""},
		{"cut off", framed(7, "ticket"), "", "unexpected EOF"},
		{"none", "", "", "EOF"},
		{"too long", framed(1<<31, "x"), "", "too long"},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		heard := make(chan string, 1)
		go func() {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			defer conn.Close()
			buf := make([]byte, len(framed(8, "request!")))
			io.ReadFull(conn, buf)
			heard <- string(buf)
			io.WriteString(conn, test.says)
		}()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		answer, err := netio.AskKDC(ctx, l.Addr().String(), []byte("request!"))
		cancel()
		l.Close()
		if got := <-heard; got != framed(8, "request!") {
			t.Errorf("%s: the centre heard %q", test.name, got)
		}
		if test.err == "" && (err != nil || string(answer) != test.want) || test.err != "" && (err == nil || !strings.Contains(err.Error(), test.err)) {
			t.Errorf("%s: %q, %v", test.name, answer, err)
		}
	}
}
