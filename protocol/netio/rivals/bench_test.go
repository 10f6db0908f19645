//go:build !js

package rivals

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/smtp"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/netio"
)

// The session that is measured: greeting, EHLO, PLAIN, QUIT, over a connection
// in memory; the same lines for each pair. net/smtp is a client of either
// server, and so is a peer that costs next to nothing: what it writes is made
// before.
var drivers = []struct {
	name string
	talk func(net.Conn) error
}{
	{"lines", said},
	{"net-smtp", netSMTP},
	{"netio", ours},
}

// BenchmarkSession measures authenticated sessions per second.
func BenchmarkSession(b *testing.B) {
	for _, server := range []struct {
		name string
		open func(testing.TB) *pipes
	}{
		{"netio", func(t testing.TB) *pipes { return openOurs(t, false) }},
		{"netio-recorder", func(t testing.TB) *pipes { return openOurs(t, true) }},
		{"go-smtp", openRival},
	} {
		for _, driver := range drivers {
			b.Run(server.name+"/"+driver.name, func(b *testing.B) {
				l := server.open(b)
				b.ReportAllocs()
				for b.Loop() {
					if err := driver.talk(l.dial()); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "sessions/s")
			})
		}
	}
}

// The sessions that are measured are sessions: each server lets each client in,
// and refuses a wrong password.
func TestSessions(t *testing.T) {
	for _, l := range []*pipes{openOurs(t, false), openOurs(t, true), openRival(t)} {
		for _, driver := range drivers {
			if err := driver.talk(l.dial()); err != nil {
				t.Errorf("%s at %s: %v", driver.name, l.name, err)
			}
		}
		c, err := smtp.NewClient(l.dial(), "localhost")
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Auth(smtp.PlainAuth("", user, password+"x", "localhost")); err == nil || !strings.HasPrefix(err.Error(), "535 ") {
			t.Errorf("a wrong password at %s: %v", l.name, err)
		}
		c.Close()
	}
}

// said says the lines one by one, and looks at the codes.
func said(conn net.Conn) error {
	defer conn.Close()
	r := bufio.NewReaderSize(conn, 1024)
	want := []string{"220", "250", "235", "221"}
	lines := []string{"", "EHLO client.example.org\r\n", "AUTH PLAIN " + initial + "\r\n", "QUIT\r\n"}
	for i, line := range lines {
		if line != "" { // a pipe waits until somebody reads, even nothing
			if _, err := io.WriteString(conn, line); err != nil {
				return err
			}
		}
		for {
			heard, err := r.ReadSlice('\n')
			switch {
			case err != nil:
				return err
			case len(heard) < 4 || string(heard[:3]) != want[i]:
				return fmt.Errorf("%q is answered with %q", line, heard)
			}
			if heard[3] == ' ' {
				break
			}
		}
	}
	return nil
}

func netSMTP(conn net.Conn) error {
	c, err := smtp.NewClient(conn, "localhost")
	if err != nil {
		return err
	}
	if err := c.Auth(smtp.PlainAuth("", user, password, "localhost")); err != nil {
		return err
	}
	return c.Quit()
}

func ours(conn net.Conn) error {
	c := netio.Client{Plan: client.Plan{Name: "client.example.org", Host: "localhost", TLS: client.NoTLS, When: client.First,
		Mechanisms: []string{"PLAIN"}, Initial: true, InClear: true, User: credentials}}
	state, fault := c.Run(context.Background(), conn)
	if fault != nil {
		return fault
	}
	if !state.Authenticated {
		return fmt.Errorf("not authenticated: %+v", state)
	}
	return nil
}
