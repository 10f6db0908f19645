package tlslink

import (
	"bytes"
	"crypto/tls"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// What Go's client sends for each fault of a certificate is bad_certificate.
func TestBadCertificate(t *testing.T) {
	good := identity(t, "seed", CertsWanted{})
	tests := []struct {
		name           string
		server, client Identity
		co             Options
		id             string
		want, have     string
	}{
		{"wrong host (SID-01)", identity(t, "seed", CertsWanted{Host: "other.example"}), good, Options{},
			WrongHost, host, "other.example"},
		{"expired", identity(t, "seed", CertsWanted{Expired: true}), good, Options{},
			Expired, "2026-01-02T03:04:05Z", "2026-01-01T03:04:05Z"},
		{"not yet valid", good, good, Options{Now: func() time.Time { return start.Add(-31 * day) }},
			NotYetValid, "2025-12-02T03:04:05Z", "2025-12-03T03:04:05Z"},
		{"a root that is not trusted", good, identity(t, "another seed", CertsWanted{}), Options{},
			UnknownAuthority, "", ""},
		{"no root at all", good, Identity{Made: start}, Options{}, UnknownAuthority, "", ""},
	}
	for _, v := range versions {
		for _, test := range tests {
			t.Run(test.name+"/"+v.name, func(t *testing.T) {
				test.co.MaxVersion = v.version
				w := newWire(t, test.server, test.client, Options{}, test.co)
				w.pump()
				f := failure(t, "client", w.client)
				want(t, "client", f, test.id+" bad_certificate local")
				if f.Want != test.want || f.Have != test.have {
					t.Errorf("want %q, have %q; want %q, %q", f.Want, f.Have, test.want, test.have)
				}
				want(t, "server", failure(t, "server", w.server), "alert bad_certificate")
				last := line(w.records[len(w.records)-1])
				if !strings.HasPrefix(last, "to-server ") || !strings.Contains(last, "alert fatal bad_certificate") {
					t.Errorf("last record: %s", last)
				}
				if _, up := w.client.Up(); up {
					t.Error("the client is up")
				}
			})
		}
	}
}

// SID-06: a client may be told to take any certificate; then it verified none.
func TestSkipVerify(t *testing.T) {
	w := newWire(t, identity(t, "seed", CertsWanted{Host: "other.example", Expired: true}),
		identity(t, "another seed", CertsWanted{}), Options{}, Options{SkipVerify: true})
	w.shake(t)
	if f, _ := w.client.Up(); f.Verified || f.Names != "other.example" || f.ServerName != host {
		t.Errorf("facts %+v", f)
	}
}

// IMP-03, TLS-15: no version in common.
func TestVersions(t *testing.T) {
	id := identity(t, "seed", CertsWanted{})
	tests := []struct {
		name   string
		so, co Options
	}{
		{"server 1.2, client 1.3", Options{MaxVersion: tls.VersionTLS12}, Options{MinVersion: tls.VersionTLS13}},
		{"server 1.3, client 1.2", Options{MinVersion: tls.VersionTLS13}, Options{MaxVersion: tls.VersionTLS12}},
		{"server 1.2 up, client 1.1", Options{}, Options{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := newWire(t, id, id, test.so, test.co)
			w.pump()
			want(t, "server", failure(t, "server", w.server), "version protocol_version local")
			want(t, "client", failure(t, "client", w.client), "version protocol_version")
			same(t, "record", lines(w.records), []string{
				"to-server handshake client_hello",
				"to-client alert fatal protocol_version",
			})
		})
	}
}

// TLS-18: a failed handshake ends the link; IMP-02: text gets no reply but an alert.
func TestNotTLS(t *testing.T) {
	id := identity(t, "seed", CertsWanted{})
	ends := map[string]func() *Link{
		"server": func() *Link { return NewServer(id, Options{}) },
		"client": func() *Link { return NewClient(id, Options{Host: host}) },
	}
	tests := []struct{ name, octets, failure, alert string }{
		{"a command", "EHLO x\r\n", "not-tls unexpected_message local", "to-server alert fatal unexpected_message"},
		{"a reply", "220 mail.example.org ready\r\n", "not-tls unexpected_message local", "to-server alert fatal unexpected_message"},
		{"zeros", "\x00\x00\x00\x00\x00", "not-tls unexpected_message local", "to-server alert fatal unexpected_message"},
		{"SSL 2.0", "\x80\x2e\x01\x00\x02", "not-tls protocol_version local", "to-server alert fatal protocol_version"},
		{"a record too long", "\x16\x03\x01\xff\xff", "not-tls record_overflow local", "to-server alert fatal record_overflow"},
		{"an empty handshake", "\x16\x03\x01\x00\x00", "protocol unexpected_message local", "to-server alert fatal unexpected_message"},
		{"application data", "\x17\x03\x03\x00\x01a", "not-tls unexpected_message local", "to-server alert fatal unexpected_message"},
	}
	for who, end := range ends {
		for _, test := range tests {
			t.Run(who+"/"+test.name, func(t *testing.T) {
				l := end()
				t.Cleanup(l.Close)
				l.Start()
				l.Take() // a ClientHello
				for _, c := range []byte(test.octets) {
					if plain := l.Feed([]byte{c}); plain != nil {
						t.Errorf("plaintext %q", plain)
					}
				}
				want(t, who, failure(t, who, l), test.failure)
				same(t, "record", lines(NewDissector().Feed(ToServer, l.Take())), []string{test.alert})
				l.Feed([]byte("more"))
				l.Write([]byte("more"))
				l.CloseNotify()
				if out := l.Take(); out != nil {
					t.Errorf("after the failure: %q", out)
				}
				want(t, who, failure(t, who, l), test.failure)
			})
		}
	}
}

// Octets changed, and text put between the records, once the connection stands.
func TestTampering(t *testing.T) {
	alter := func(p []byte) []byte { p[len(p)-1] ^= 1; return p }
	text := func([]byte) []byte { return []byte("QUIT\r\n") }
	tests := []struct {
		name    string
		change  func([]byte) []byte
		failure string
	}{
		{"changed", alter, "protocol bad_record_mac local"},
		{"replaced by text", text, "not-tls protocol_version local"},
	}
	for _, v := range versions {
		for _, test := range tests {
			t.Run(test.name+"/"+v.name, func(t *testing.T) {
				w := goodWire(t, v.version, nil)
				w.shake(t)
				w.client.Write([]byte("QUIT\r\n"))
				if plain := w.server.Feed(test.change(w.client.Take())); plain != nil {
					t.Errorf("plaintext %q", plain)
				}
				f := failure(t, "server", w.server)
				want(t, "server", f, test.failure)
				w.pump()
				want(t, "client", failure(t, "client", w.client), "alert "+f.Alert)
			})
		}
	}
}

func TestTooEarly(t *testing.T) {
	id := identity(t, "seed", CertsWanted{})
	l := NewClient(id, Options{Host: host})
	l.Start()
	l.Write([]byte("EHLO x\r\n"))
	want(t, "client", failure(t, "client", l), "too-early local")
	w := goodWire(t, 0, nil)
	w.shake(t)
	w.client.Close()
	w.client.Write([]byte("EHLO x\r\n"))
	want(t, "client", failure(t, "client", w.client), "closed local")
}

// coroutines counts the links whose coroutine lives.
func coroutines() int {
	stacks := make([]byte, 1<<20)
	return bytes.Count(stacks[:runtime.Stack(stacks, true)], []byte("(*Link).run("))
}

// No goroutine outlives Close or a failure, whenever it comes.
func TestCoroutines(t *testing.T) {
	check := func(when string, want int) {
		t.Helper()
		if got := coroutines(); got != want {
			t.Errorf("%s: %d coroutines, want %d", when, got, want)
		}
	}
	id := identity(t, "seed", CertsWanted{})
	for cut := range 5 { // how many flights pass
		check("before", 0)
		w := newWire(t, id, id, Options{}, Options{})
		for i := range cut {
			if i%2 == 0 {
				w.carry(ToServer, w.client, w.server)
			} else {
				w.carry(ToClient, w.server, w.client)
			}
		}
		check("open", 2)
		w.client.Close()
		w.client.Close()
		w.server.Close()
		check("closed", 0)
		if w.client.Err() != nil || w.server.Err() != nil || w.client.PeerClosed() || w.server.PeerClosed() {
			t.Errorf("cut after %d flights: %v, %v", cut, w.client.Err(), w.server.Err())
		}
		w.client.Start()
		w.server.Feed([]byte("late"))
		check("fed when closed", 0)
	}
	failed := NewServer(id, Options{})
	failed.Feed([]byte("EHLO x\r\n"))
	check("failed", 0)
	early := NewServer(id, Options{})
	early.Start()
	early.Write([]byte("220 mail.example.org\r\n"))
	check("written to before the handshake", 0)
	never := NewServer(id, Options{})
	never.Close()
	never.Start()
	never.Feed([]byte("late"))
	check("closed before Start", 0)
}

func TestFailureText(t *testing.T) {
	f := &Failure{ID: WrongHost, Alert: "bad_certificate", Local: true, Text: "x509: …"}
	if got, want := f.Error(), "tlslink: wrong-host (bad_certificate): x509: …"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
	ids := FailureIDs()
	if slices.Sort(ids); len(slices.Compact(ids)) != 11 {
		t.Errorf("FailureIDs() = %q", ids)
	}
}
