//go:build !js

package netio_test

import (
	"bufio"
	"crypto/tls"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/netio"
	"example.org/smtpauth/protocol/sasl"
)

// A caller is a peer that says what a test wants.
type caller struct {
	t *testing.T
	net.Conn
	lines *bufio.Reader
}

func call(t *testing.T, addr string) *caller {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{t: t}
	c.over(conn)
	t.Cleanup(func() { conn.Close() })
	return c
}

func (c *caller) over(conn net.Conn) {
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	c.Conn, c.lines = conn, bufio.NewReader(conn)
}

func (c *caller) say(octets string) {
	c.t.Helper()
	if _, err := c.Write([]byte(octets)); err != nil {
		c.t.Fatalf("%.40q: %v", octets, err)
	}
}

// hear reads one reply and returns its last line, which must begin with want.
func (c *caller) hear(want string) string {
	c.t.Helper()
	for {
		line, err := c.lines.ReadString('\n')
		if err != nil {
			c.t.Fatalf("instead of %q: %q, %v", want, line, err)
		}
		if len(line) > 3 && line[3] == '-' {
			continue
		}
		if !strings.HasPrefix(line, want) {
			c.t.Errorf("heard %q, want %q", line, want)
		}
		return line
	}
}

// ask says a line and hears the reply.
func (c *caller) ask(line, want string) string {
	c.t.Helper()
	c.say(line + "\r\n")
	return c.hear(want)
}

// end expects that the connection is closed and nothing more is said, and
// closes its own end.
func (c *caller) end() {
	c.t.Helper()
	line, err := c.lines.ReadString('\n')
	if line != "" || err == nil || strings.Contains(err.Error(), "timeout") {
		c.t.Errorf("after the end: %q, %v", line, err)
	}
	if _, inside := c.Conn.(*tls.Conn); inside && err != io.EOF {
		c.t.Errorf("TLS-21: it ends without close_notify: %v", err)
	}
	c.Close()
}

// handshake begins TLS.
func (c *caller) handshake() {
	c.t.Helper()
	conn := tls.Client(c.Conn, &tls.Config{ServerName: host, RootCAs: identity().Pool})
	if err := conn.Handshake(); err != nil {
		c.t.Fatal(err)
	}
	c.over(conn)
}

// plan logs tim in and leaves.
func plan(change ...func(*client.Plan)) client.Plan {
	p := client.Plan{
		Name: "client.example.net", Host: host, TLS: client.StartTLS, When: client.First,
		Mechanisms: []string{"CRAM-MD5"}, Initial: true,
		User: sasl.Credentials{Authcid: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}},
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

// visit carries out a plan at addr.
func visit(t *testing.T, addr string, p client.Plan, change ...func(*netio.Client)) (client.State, *client.Fault) {
	t.Helper()
	conn, err := netio.Dial(t.Context(), addr)
	if err != nil {
		t.Fatal(err)
	}
	c := &netio.Client{Plan: p, TLS: &tls.Config{RootCAs: identity().Pool}, Patience: 3 * time.Second}
	for _, ch := range change {
		ch(c)
	}
	return c.Run(t.Context(), conn)
}
