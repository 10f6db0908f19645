//go:build !js

package main

import (
	"bufio"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/tlslink"
)

// script answers each line of a client with the next reply; the first is the
// greeting.
func script(t *testing.T, replies ...string) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		conn.SetDeadline(time.Now().Add(5 * time.Second))
		in := bufio.NewReader(conn)
		for i, reply := range replies {
			if i > 0 {
				if _, err := in.ReadString('\n'); err != nil {
					return
				}
			}
			io.WriteString(conn, reply)
		}
		io.Copy(io.Discard, in)
	}()
	return l.Addr().String()
}

// Whoever's fault it was, one sentence says so, and the exit status is 1: it
// is 0 only after 235, and with -send only when the message was accepted.
func TestConnectFails(t *testing.T) {
	const list = "250-x\r\n250 AUTH PLAIN CRAM-MD5\r\n"
	nobody := script(t)
	for _, test := range []struct {
		name    string
		replies []string
		args    string
		want    string
		lines   string // printed, with | between
	}{
		{"no STARTTLS", []string{"220 x\r\n", list, "221 bye\r\n"}, "",
			"the server refused: it does not offer STARTTLS (TLS-20, RFC 8314 §5.2).", "S: 220 x|C: EHLO [127.0.0.1]|S: 250-x|S: 250 AUTH PLAIN CRAM-MD5|C: QUIT|S: 221 bye"},
		{"535", []string{"220 x\r\n", list, "334 PHg+\r\n", "535 5.7.8 no\r\n", "221 bye\r\n"}, "-tls none",
			"the server refused: name or password are wrong (reply 535; AUTH-27, RFC 4954 §6).",
			"S: 220 x|C: EHLO [127.0.0.1]|S: 250-x|S: 250 AUTH PLAIN CRAM-MD5|C: AUTH CRAM-MD5|S: 334 PHg+|C: ********|S: 535 5.7.8 no|C: QUIT|S: 221 bye"},
		{"454", []string{"220 x\r\n", list, "454 4.7.0 later\r\n", "221 bye\r\n"}, "-tls none -mechanism plain",
			"the server refused: it cannot authenticate anybody now (reply 454; AUTH-30, RFC 4954 §6).",
			"S: 220 x|C: EHLO [127.0.0.1]|S: 250-x|S: 250 AUTH PLAIN CRAM-MD5|C: AUTH PLAIN ********|S: 454 4.7.0 later|C: QUIT|S: 221 bye"},
		{"235 at once", []string{"220 x\r\n", list, "235 ok\r\n"}, "-tls none", "the server broke the protocol: it accepted before the exchange was over (reply 235; AUTH-42, RFC 4954 §4).", "*"},
		{"a challenge that is not base64", []string{"220 x\r\n", list, "334 hello!\r\n", "501 no\r\n", "221 bye\r\n"}, "-tls none",
			"the server broke the protocol: its challenge is not base64 (reply 334; AUTH-19, RFC 4954 §4).",
			"S: 220 x|C: EHLO [127.0.0.1]|S: 250-x|S: 250 AUTH PLAIN CRAM-MD5|C: AUTH CRAM-MD5|S: 334 hello!|C: *|S: 501 no|C: QUIT|S: 221 bye"},
		{"not offered", []string{"220 x\r\n", list, "221 bye\r\n"}, "-tls none -mechanism LOGIN",
			"this client cannot do what it was told: no mechanism it may use here is offered (AUTH-39, RFC 4954 §4).", "*"},
		{"not offered, insisting", []string{"220 x\r\n", list, "504 no\r\n", "221 bye\r\n"}, "-tls none -mechanism FOOBAR -insist",
			"the server refused: it does not take the mechanism (reply 504; AUTH-09, RFC 4954 §4).",
			"S: 220 x|C: EHLO [127.0.0.1]|S: 250-x|S: 250 AUTH PLAIN CRAM-MD5|C: AUTH FOOBAR|S: 504 no|C: QUIT|S: 221 bye"},
		{"authenticated, the message refused", []string{"220 x\r\n", list, "235 ok\r\n", "550 no\r\n", "221 bye\r\n"}, "-tls none -mechanism PLAIN -send",
			"the server refused: it does not take the sender (reply 550; ", "*"},
		{"a reply that is none", []string{"\x1b[31mhello\r\n"}, "-tls none", "the server broke the protocol: what it sent is no reply (REP-01, RFC 5321 §4.2).", ""},
		{"text for the terminal, REP-18", []string{"220 \x1b[31m\xff\u202e\r\n"}, "-tls none -command-time 100ms",
			"the connection failed: no reply came in time (SEQ-19, RFC 5321 §4.5.3.2).", `S: 220 \x1b[31m\xff\u202e|C: EHLO [127.0.0.1]`},
	} {
		r := do(t, "", append([]string{"connect", "-addr", script(t, test.replies...), "-user", "tim", "-password", "tanstaaf"}, strings.Fields(test.args)...)...)
		if r.status != 1 || !strings.HasPrefix(r.err, "authlab connect: "+test.want) || !strings.HasSuffix(r.err, ".\n") || strings.Count(r.err, "\n") != 1 {
			t.Errorf("%s: %d, %q, want %q", test.name, r.status, r.err, test.want)
		}
		if lines := strings.ReplaceAll(strings.TrimSuffix(r.out, "\n"), "\n", "|"); test.lines != "*" && lines != test.lines {
			t.Errorf("%s: printed %q, want %q", test.name, lines, test.lines)
		}
	}
	conn, err := net.Dial("tcp", nobody) // its one caller
	if err != nil {
		t.Fatal(err)
	}
	conn.Close()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
	r := do(t, "", "connect", "-addr", l.Addr().String(), "-user", "tim", "-password", "x")
	if r.status != 1 || !strings.HasPrefix(r.err, "authlab connect: the connection failed: ") || !strings.Contains(r.err, "refused") {
		t.Errorf("nobody listens: %+v", r)
	}
}

// Every fault of the machine and of TLS has its words, and so has everybody
// who may be at fault.
func TestFaultsHaveWords(t *testing.T) {
	ids := client.FaultIDs()
	for _, id := range tlslink.FailureIDs() {
		ids = append(ids, "tls-"+id)
	}
	for _, id := range ids {
		if what[id] == "" {
			t.Errorf("%s has no words", id)
		}
	}
	for _, w := range client.AllWhose {
		if whose[w] == "" {
			t.Errorf("%s has no words", w)
		}
	}
	if got, want := sentence(&client.Fault{ID: "too-odd", Whose: client.Ours}), "this client cannot do what it was told: too odd."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// The message of -send is the file's, and goes from and to whom it should.
func TestSend(t *testing.T) {
	s := start(t, 1, "-listen", "127.0.0.1:0", "-user", tim, "-json", "-cleartext")
	letter := file(t, "letter", "Subject: x\n\n.dot\n")
	r := do(t, "", "connect", "-addr", s.addrs[0], "-user", "tim", "-password", "tanstaaftanstaaf", "-tls", "none",
		"-send", "-from", "tim@example.org", "-to", "a@example.com", "-to", "b@example.com", "-message", letter)
	if r.status != 0 {
		t.Fatalf("%+v", r)
	}
	s.stop()
	for _, f := range s.frames(t) {
		for _, e := range f.Server {
			if m := e.Message; m != nil {
				if m.Envelope.ReversePath.Mailbox() != "tim@example.org" || len(m.Envelope.ForwardPaths) != 2 || !strings.HasSuffix(string(m.Text), "Subject: x\r\n\r\n.dot\r\n") {
					t.Errorf("accepted %+v %q", m.Envelope, m.Text)
				}
				return
			}
		}
	}
	t.Error("no message was accepted")
}

func TestDomain(t *testing.T) {
	for host, want := range map[string]string{"mail.example.org": "mail.example.org", "192.0.2.1": "[192.0.2.1]", "::1": "[IPv6:::1]"} {
		if got := domain(host); got != want {
			t.Errorf("domain(%q) = %q, want %q", host, got, want)
		}
	}
	if got := literal(&net.TCPAddr{IP: net.ParseIP("fe80::1"), Zone: "eth0", Port: 25}); got != "[IPv6:fe80::1]" {
		t.Errorf("literal = %q", got)
	}
}
