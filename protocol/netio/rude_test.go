//go:build !js

package netio_test

import (
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/netio"
)

func limits(l netio.Limits) func(*netio.Server) { return func(s *netio.Server) { s.Limits = l } }

// SEQ-18, REP-11, CMD-24: who is silent, slow, floods or stays for ever is cut
// off with 421, which it can read, and the connection closes.
func TestCutOffWith421(t *testing.T) {
	h := open(t, limits(netio.Limits{Line: 400 * time.Millisecond, Session: time.Second, Octets: 1 << 14}))
	every := func(pause time.Duration, octets string) func(*caller) {
		return func(c *caller) {
			for range 100 {
				if _, err := c.Write([]byte(octets)); err != nil {
					return
				}
				time.Sleep(pause)
			}
		}
	}
	for _, test := range []struct {
		name, addr string
		do         func(*caller)
		want       string
	}{
		{"silent", h.plain, func(*caller) {}, "421 4.4.2 mail.example.org Idle for too long"},
		{"silent behind TLS", h.implicit, func(*caller) {}, "421 4.4.2 mail.example.org Idle for too long"},
		{"silent in an exchange", h.plain, func(c *caller) {
			c.ask("EHLO a.example", "250 ")
			c.ask("AUTH LOGIN", "334 ")
		}, "421 4.4.2 mail.example.org Idle for too long"},
		{"silent in a message", h.plain, func(c *caller) {
			c.ask("EHLO a.example", "250 ")
			c.ask("MAIL FROM:<a@example.org>", "250 ")
			c.ask("RCPT TO:<b@example.org>", "250 ")
			c.ask("DATA", "354 ")
			c.say("one line\r\nand a half")
		}, "421 4.4.2 mail.example.org Idle for too long"},
		{"an octet at a time", h.plain, every(20*time.Millisecond, "x"), "421 4.4.2 mail.example.org Idle for too long"},
		{"a bare LF at a time", h.plain, every(50*time.Millisecond, "NOOP\n"), "421 4.4.2 mail.example.org Idle for too long"},
		{"for ever", h.plain, every(50*time.Millisecond, "NOOP\r\n"), "421 4.4.2 mail.example.org Session took too long"},
		{"one endless line", h.plain, every(0, strings.Repeat("x", 1<<12)), "421 4.7.0 mail.example.org Too much data"},
		{"endless commands", h.plain, every(0, strings.Repeat("NOOP "+strings.Repeat("x", 400)+"\r\n", 10)), "421 4.7.0 mail.example.org Too much data"},
		{"junk", h.plain, every(0, "XYZZY\r\n"), "421 4.7.0 mail.example.org Too many errors"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := call(t, test.addr)
			if test.addr == h.implicit {
				c.handshake()
			}
			c.hear("220 ")
			if strings.Contains(test.name, " in ") {
				test.do(c)
			} else {
				go test.do(c)
			}
			for {
				line, err := c.lines.ReadString('\n')
				if err != nil {
					t.Fatalf("no 421: %v", err)
				}
				if strings.HasPrefix(line, "421") {
					if !strings.HasPrefix(line, test.want) {
						t.Errorf("%q, want %q", line, test.want)
					}
					break
				}
			}
			c.end()
		})
	}
}

// Who does not finish a handshake hears nothing that is no TLS; who reads no
// replies cannot hear. Neither stays.
func TestCutOffWithoutAWord(t *testing.T) {
	h := open(t, limits(netio.Limits{Line: 150 * time.Millisecond}), func(s *netio.Server) { s.Watch = nil })
	t.Run("no ClientHello", func(t *testing.T) {
		t.Parallel()
		call(t, h.implicit).end()
	})
	t.Run("no ClientHello after STARTTLS", func(t *testing.T) {
		t.Parallel()
		c := call(t, h.plain)
		c.hear("220 ")
		c.ask("EHLO a.example", "250 ")
		c.ask("STARTTLS", "220 ")
		c.end()
	})
	t.Run("reads nothing", func(t *testing.T) {
		t.Parallel()
		c := call(t, h.plain)
		c.Conn.(*net.TCPConn).SetReadBuffer(1 << 12)
		for { // until the server has gone
			if _, err := c.Write([]byte(strings.Repeat("EHLO a\r\n", 1000))); err != nil {
				if strings.Contains(err.Error(), "timeout") {
					t.Error("the session stays")
				}
				return
			}
		}
	})
}

// One more than may be is told so in place of the greeting; when one leaves,
// there is room again.
func TestTooManyConnections(t *testing.T) {
	h := open(t, limits(netio.Limits{Connections: 2}))
	first, second := call(t, h.plain), call(t, h.plain)
	first.hear("220 ")
	second.hear("220 ")
	third := call(t, h.plain)
	third.hear("421 mail.example.org Too many connections")
	third.end()
	call(t, h.implicit).end() // no reply can be said there
	first.ask("QUIT", "221 ")
	first.end()
	first.Close()
	for range 100 {
		c := call(t, h.plain)
		if line, _ := c.lines.ReadString('\n'); strings.HasPrefix(line, "220 ") {
			second.ask("NOOP", "250 ")
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("there is no room though one has left")
}

// TLS-05: commands that came in one segment with STARTTLS are dropped: inside
// TLS one EHLO gets one reply, and nobody's MAIL was obeyed.
func TestCommandsBehindSTARTTLS(t *testing.T) {
	h := open(t)
	c := call(t, h.plain)
	c.hear("220 ")
	c.ask("EHLO a.example", "250 ")
	c.ask("STARTTLS\r\nEHLO evil.example\r\nMAIL FROM:<evil@example.net>\r\nRCPT TO:<tim@example.org>", "220 ")
	c.handshake()
	c.SetReadDeadline(time.Now().Add(100 * time.Millisecond))
	if line, err := c.lines.ReadString('\n'); err == nil {
		t.Errorf("TLS-08: the server speaks first: %q", line)
	}
	c.SetDeadline(time.Now().Add(5 * time.Second))
	c.ask("MAIL FROM:<tim@example.org>", "503 ")
	c.ask("EHLO a.example", "250 ")
	c.ask("RCPT TO:<tim@example.org>", "503 ")
	c.ask("QUIT", "221 ")
	c.end()
}

// The same commands a segment later are no TLS: the connection ends, and no
// reply is said to them.
func TestCommandsInPlaceOfClientHello(t *testing.T) {
	h := open(t)
	c := call(t, h.plain)
	c.hear("220 ")
	c.ask("EHLO a.example", "250 ")
	c.ask("STARTTLS", "220 ")
	c.say("EHLO evil.example\r\nMAIL FROM:<evil@example.net>\r\n")
	notSMTP(t, c)
}

// IMP-02: clear text on the implicit port gets no SMTP reply.
func TestClearTextOnTheImplicitPort(t *testing.T) {
	h := open(t)
	c := call(t, h.implicit)
	c.say("EHLO a.example\r\n")
	notSMTP(t, c)
}

// notSMTP expects the alert unexpected_message (RFC 8446 §5), and the end.
func notSMTP(t *testing.T, c *caller) {
	t.Helper()
	octets, err := io.ReadAll(c.lines)
	if want := "\x15\x03\x03\x00\x02\x02\x0a"; string(octets) != want || err != nil {
		t.Errorf("heard %q, %v, want %q", octets, err, want)
	}
}

// Who reads only after it has sent too much hears why it was cut off all the
// same: what it sent is read before the socket is closed.
func TestLateReader(t *testing.T) {
	h := open(t, limits(netio.Limits{Octets: 1 << 14}))
	c := call(t, h.plain)
	c.hear("220 ")
	c.say(strings.Repeat("x", 1<<17))
	time.Sleep(100 * time.Millisecond)
	c.hear("421 4.7.0 ")
	c.end()
}

// CMD-21: a client that writes octet by octet is served like any other.
func TestOctetByOctet(t *testing.T) {
	h := open(t)
	c := call(t, h.plain)
	c.Conn.(*net.TCPConn).SetNoDelay(true)
	c.hear("220 ")
	for _, octet := range []byte("EHLO a.example\r\nAUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n") {
		c.say(string(octet))
	}
	c.hear("250 ")
	c.hear("235 ")
	c.ask("QUIT", "221 ")
	c.end()
}
