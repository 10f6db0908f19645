//go:build !js

package netio_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/netio"
)

// A script is a server of which each line answers one line of the client; the
// first is the greeting, "|" ends a segment. After the last it reads until the
// client has gone; at "close" and without any it closes.
func script(t *testing.T, replies ...string) (addr string, heard func() string) {
	t.Helper()
	l, err := netio.Listen(":0")
	if err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 1)
	go func() {
		defer l.Close()
		var all strings.Builder
		defer func() { lines <- all.String() }()
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(5 * time.Second))
		if len(replies) == 0 {
			return
		}
		in := bufio.NewReader(conn)
		for i, reply := range replies {
			if i > 0 {
				line, err := in.ReadString('\n')
				if all.WriteString(line); err != nil {
					return
				}
			}
			for _, segment := range strings.Split(reply, "|") {
				if segment == "close" {
					return
				}
				conn.Write([]byte(segment))
				time.Sleep(10 * time.Millisecond)
			}
		}
		in.WriteTo(&all)
	}()
	t.Cleanup(func() { l.Close() })
	return l.Addr().String(), func() string { return <-lines }
}

const starttls = "250-mail.example.org\r\n250-AUTH PLAIN CRAM-MD5\r\n250 STARTTLS\r\n"

// What a server does wrong is the server's fault, what fails on the way is the
// connection's; the password is never said in clear text by a client that was
// told to use TLS (TLS-20).
func TestFaultsOfAClient(t *testing.T) {
	for _, test := range []struct {
		name    string
		replies []string
		fault   string
		whose   client.Whose
	}{
		{"greets with 554", []string{"554 no\r\n", "221 bye\r\n"}, "greeting-refused", client.ServerRefused},
		{"says nothing, SEQ-19", []string{""}, "timeout", client.Connection},
		{"closes at once", nil, "connection-lost", client.Connection},
		{"is no SMTP server", []string{"HTTP/1.1 400 Bad Request\r\n"}, "unreadable-reply", client.ServerBroke},
		{"answers 421, REP-11", []string{"220 x\r\n", "421 later\r\n"}, "service-closing", client.ServerRefused},
		{"lists no STARTTLS, TLS-20", []string{"220 x\r\n", "250-x\r\n250 AUTH PLAIN\r\n", "221 bye\r\n"}, "starttls-missing", client.ServerRefused},
		{"refuses STARTTLS", []string{"220 x\r\n", starttls, "454 no\r\n", "221 bye\r\n"}, "starttls-refused", client.ServerRefused},
		{"speaks behind 220, TLS-06", []string{"220 x\r\n", starttls, "220 go\r\n250-x\r\n250 AUTH PLAIN\r\n"}, "injected", client.ServerBroke},
		{"speaks a segment later, TLS-06", []string{"220 x\r\n", starttls, "220 go\r\n|250-x\r\n250 AUTH PLAIN\r\n"}, "tls-not-tls", client.Connection},
		{"is gone before TLS, SEQ-21", []string{"220 x\r\n", starttls, "220 go\r\n|close"}, "connection-lost", client.Connection},
		{"does not shake hands, TLS-18", []string{"220 x\r\n", starttls, "220 go\r\n"}, "timeout", client.Connection},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			addr, heard := script(t, test.replies...)
			_, fault := visit(t, addr, plan(), func(c *netio.Client) { c.Patience = 200 * time.Millisecond })
			if fault == nil || fault.ID != test.fault || fault.Whose != test.whose {
				t.Errorf("fault %+v, want %s (%s)", fault, test.fault, test.whose)
			}
			if said := heard(); strings.Contains(said, "AUTH") || strings.Contains(said, "dGlt") {
				t.Errorf("it said %q", said)
			}
		})
	}
}

// SEQ-19, REP-08: a server gets no more time by saying a little of its reply, and
// none by saying a reply without an end; a client has left within its time.
func TestServersThatDoNotCome(t *testing.T) {
	const patience = 300 * time.Millisecond
	endless := func(text string, pause time.Duration) func(net.Conn) {
		return func(conn net.Conn) {
			for {
				if _, err := conn.Write([]byte(text)); err != nil {
					return
				}
				time.Sleep(pause)
			}
		}
	}
	for _, test := range []struct {
		name    string
		session time.Duration
		says    func(net.Conn)
		fault   string
		within  time.Duration // 0: whenever, so long as it is before a reply's time is over
	}{
		{"silent", 0, func(conn net.Conn) { io.Copy(io.Discard, conn) }, "timeout", 2 * patience},
		{"an octet at a time", 0, func(conn net.Conn) {
			conn.Write([]byte("220 "))
			endless("x", 20*time.Millisecond)(conn)
		}, "timeout", 2 * patience},
		{"a line at a time", 0, endless("220-x\r\n", 20*time.Millisecond), "timeout", 2 * patience},
		{"one endless line", 0, func(conn net.Conn) {
			conn.Write([]byte("220 "))
			endless(strings.Repeat("x", 100), time.Millisecond)(conn)
		}, "unreadable-reply", 0},
		{"one endless reply", 0, endless("220-x\r\n", time.Millisecond), "unreadable-reply", 0},
		{"deaf", 0, func(conn net.Conn) {
			conn.Write([]byte("220 x\r\n"))
			time.Sleep(2 * patience)
		}, "timeout", 2 * patience},
		{"slow in all", 400 * time.Millisecond, func(conn net.Conn) {
			go io.Copy(io.Discard, conn)
			for _, reply := range []string{"220 x\r\n", "250-x\r\n250 STARTTLS\r\n", "220 x\r\n"} {
				time.Sleep(patience * 3 / 4)
				conn.Write([]byte(reply))
			}
			time.Sleep(patience)
		}, "timeout", 3 * patience},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			ours, theirs := net.Pipe()
			go test.says(theirs)
			defer theirs.Close()
			begun := time.Now()
			c := netio.Client{Plan: plan(), Patience: patience, Session: test.session}
			if test.within == 0 {
				c.Patience, test.within = time.Minute, time.Minute
			}
			_, fault := c.Run(t.Context(), ours)
			if took := time.Since(begun); fault == nil || fault.ID != test.fault || took > test.within+slack {
				t.Errorf("fault %+v after %s, want %s within %s", fault, took, test.fault, test.within)
			}
		})
	}
}

// slack is what a busy machine may take longer.
const slack = 2 * time.Second

// A hasty server says all it has to say before it hears anything.
type hasty struct {
	net.Conn
	says []string // a read each
}

func (h *hasty) Read(p []byte) (int, error) {
	if len(h.says) == 0 {
		return h.Conn.Read(p)
	}
	n := copy(p, h.says[0])
	h.says = h.says[1:]
	return n, nil
}

// SEQ-20, REP-11: what has come before a command goes out is no answer to it, in
// one segment with a reply or in one of its own; 421 may come so.
func TestUnaskedReplies(t *testing.T) {
	const list = "250-mail.example.org\r\n250 AUTH PLAIN\r\n"
	for _, test := range []struct {
		name, fault string
		says        []string
	}{
		{"in one segment", "unasked-reply", []string{"220 x\r\n", "", list + "235 ok\r\n"}},
		{"in segments", "unasked-reply", []string{"220 x\r\n", "", list, "235 ok\r\n"}},
		{"421", "service-closing", []string{"220 x\r\n", "", list, "421 closing\r\n"}},
	} {
		ours, theirs := net.Pipe()
		go io.Copy(io.Discard, theirs)
		c := netio.Client{Plan: plan(func(p *client.Plan) { p.TLS, p.InClear, p.Mechanisms = client.NoTLS, true, []string{"PLAIN"} }), Patience: time.Second}
		state, fault := c.Run(t.Context(), &hasty{ours, test.says})
		if theirs.Close(); fault == nil || fault.ID != test.fault || state.Authenticated {
			t.Errorf("%s: %+v, %+v", test.name, state, fault)
		}
	}
}

// SID-01, SID-02, SID-06: a certificate for another name or of an unknown root
// stops the client before AUTH, unless it was told to take any.
func TestCertificates(t *testing.T) {
	h := open(t)
	for _, test := range []struct {
		name   string
		host   string
		config *tls.Config
		fault  string
	}{
		{"another name", "other.example", &tls.Config{RootCAs: identity().Pool}, "tls-wrong-host"},
		{"an unknown root", host, nil, "tls-unknown-authority"},
		{"any certificate", "other.example", &tls.Config{InsecureSkipVerify: true}, ""},
	} {
		for addr, protection := range map[string]client.TLS{h.plain: client.StartTLS, h.implicit: client.Implicit} {
			p := plan(func(p *client.Plan) { p.Host, p.TLS = test.host, protection })
			state, fault := visit(t, addr, p, func(c *netio.Client) { c.TLS = test.config })
			switch {
			case test.fault == "" && (fault != nil || !state.Authenticated):
				t.Errorf("%s, %s: %+v, %v", test.name, protection, state, fault)
			case test.fault != "" && (fault == nil || fault.ID != test.fault || fault.Whose != client.Connection || state.Authenticated):
				t.Errorf("%s, %s: %+v, %v, want %s", test.name, protection, state, fault, test.fault)
			}
		}
	}
}

// TLS-18: implicit TLS with a server that does not speak it.
func TestImplicitTLSMeetsClearText(t *testing.T) {
	h := open(t)
	_, fault := visit(t, h.plain, plan(func(p *client.Plan) { p.TLS = client.Implicit }))
	if fault == nil || fault.ID != "tls-not-tls" {
		t.Errorf("fault %v", fault)
	}
}

func TestCancelledWhileItWaits(t *testing.T) {
	before := runtime.NumGoroutine()
	here, there := net.Pipe()
	defer there.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	c := &netio.Client{Plan: plan()}
	if _, fault := c.Run(ctx, here); fault == nil || fault.Whose != client.Connection {
		t.Errorf("fault %v", fault)
	}
	noneLeft(t, before)
}
