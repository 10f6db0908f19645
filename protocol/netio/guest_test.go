//go:build !js

package netio

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
)

// serving is a server on loopback that nobody watches, and where it listens.
func serving(t *testing.T) (*Server, string) {
	t.Helper()
	id, err := tlslink.MakeIdentity([]byte("netio"), "mail.example.org", time.Now(), tlslink.CertsWanted{})
	if err != nil {
		t.Fatal(err)
	}
	s, err := NewServer(server.Policy{
		Host: "mail.example.org", Extensions: []string{"STARTTLS", "ENHANCEDSTATUSCODES"}, MaxSize: 1 << 20,
		BeforeTLS: []string{"PLAIN", "LOGIN"}, AfterTLS: []string{"PLAIN"}, LocalDomains: []string{"example.org"},
		Accounts: []sasl.Account{{Name: "tim", Password: sasl.Secret{Text: "tanstaaftanstaaf"}, Stored: sasl.Clear}},
		Login:    sasl.Prompts{Username: "Username:", Password: "Password:"},
	}, sasl.Env{})
	if err != nil {
		t.Fatal(err)
	}
	s.TLS = &tls.Config{Certificates: []tls.Certificate{id.Certificate}, SessionTicketsDisabled: true}
	s.Limits.Octets = 1 << 10
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l, server.Submission)
	t.Cleanup(func() { s.Shutdown(context.Background()) })
	return s, l.Addr().String()
}

// talk says lines, each when the one before was answered, and returns what was
// heard. Behind "TLS" it is said inside; what has no CR LF is cut off there.
func talk(t *testing.T, addr string, lines ...string) string {
	t.Helper()
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { conn.Close() }()
	conn.SetDeadline(time.Now().Add(5 * time.Second))
	var heard strings.Builder
	r := bufio.NewReader(conn)
	for _, line := range append([]string{""}, lines...) {
		if line == "TLS" {
			conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
			r = bufio.NewReader(conn)
			continue
		}
		if io.WriteString(conn, line); line != "" && !strings.HasSuffix(line, "\r\n") {
			return heard.String()
		}
		for {
			reply, err := r.ReadString('\n')
			if heard.WriteString(reply); err != nil {
				return heard.String() + err.Error()
			}
			if reply[3] == ' ' {
				break
			}
		}
	}
	return heard.String()
}

// One guest serves sessions of every kind, one after the other: each hears what
// it would hear from a server that has served nobody, and leaves nothing.
func TestOneGuestForAll(t *testing.T) {
	const ehlo, plain = "EHLO client.example.org\r\n", "AUTH PLAIN AHRpbQB0YW5zdGFhZnRhbnN0YWFm\r\n"
	sessions := [][]string{
		{ehlo, plain, "QUIT\r\n"},
		{ehlo, "AUTH PLAIN AHRpbQB3cm9uZw==\r\n", "AUTH PLAIN AHRpbQB3cm9uZw==\r\n"},
		{ehlo, plain, "MAIL FROM:<tim@example.org>\r\n", "RCPT TO:<ann@example.org>\r\n"},
		{"RCPT TO:<ann@example.org>\r\n", "MAIL FROM:<tim@example.org>\r\n"},
		{ehlo, "AUTH LOGIN\r\n", "dGlt\r\n"},
		{ehlo, "AUTH LOGIN\r\n", "dGlt\r\n", "dGFuc3RhYWZ0YW5zdGFhZg==\r\n"},
		{ehlo, "AUTH PL"},
		{ehlo, plain, "MAIL FROM:<tim@example.org>\r\n", "RCPT TO:<ann@example.org>\r\n", "DATA\r\n", "Subject: cut"},
		{ehlo, "STARTTLS\r\n", "TLS", ehlo, plain},
		{ehlo, "STARTTLS\r\n", "no TLS"},
		{ehlo, strings.Repeat("x", 1<<11) + "\r\n"},
		{"AUTH PLAIN =\r\n", ehlo, "QUIT\r\n"},
		{},
	}
	used, addr := serving(t)
	var guest *guest
	for i, lines := range append(sessions, sessions...) {
		got := talk(t, addr, lines...)
		if _, fresh := serving(t); got != talk(t, fresh, lines...) {
			t.Errorf("session %d: %q", i, got)
		}
		g := left(t, used)
		if guest == nil {
			guest = g
		}
		if g != guest {
			t.Fatalf("session %d had a guest of its own", i)
		}
		used.mu.Lock()
		if !reflect.ValueOf(g.link).IsZero() || !reflect.ValueOf(g.stay).IsZero() || g.space != [readSize]byte{} || g.woken || !g.until.IsZero() {
			t.Errorf("session %d leaves %+v %+v %v %q", i, g.link, g.stay, g.alarm, g.space)
		}
		used.mu.Unlock()
	}
}

// left is the guest that is free once all sessions are over.
func left(t *testing.T, s *Server) *guest {
	t.Helper()
	for range 500 {
		s.mu.Lock()
		if len(s.guests) == 0 && len(s.free) == 1 {
			defer s.mu.Unlock()
			return s.free[0]
		}
		s.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
	t.Fatal("the session stays")
	return nil
}

// A guest without a session is not kept for long.
func TestGuestsGo(t *testing.T) {
	s, addr := serving(t)
	talk(t, addr, "QUIT\r\n")
	left(t, s)
	for range 400 {
		s.mu.Lock()
		n, look := len(s.free), s.look
		s.mu.Unlock()
		if n == 0 && look == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Error("a guest stays without work")
}
