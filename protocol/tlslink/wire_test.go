package tlslink

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

const host = "mail.example.org"

var start = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func identity(t testing.TB, seed string, w CertsWanted) Identity {
	t.Helper()
	id, err := MakeIdentity([]byte(seed), host, start, w)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// wire is two links with a listener between them.
type wire struct {
	client, server *Link
	listener       *Dissector
	chunk          int // octets a Feed; 0: all there are
	records        []Record
	read           [2]bytes.Buffer // plaintext by direction
}

// newWire joins two ends. Their key logs go to the listener, unless one is set.
func newWire(t testing.TB, server, client Identity, so, co Options) *wire {
	w := &wire{listener: NewDissector()}
	if so.KeyLog == nil {
		so.KeyLog = w.listener
	}
	if co.KeyLog == nil {
		co.KeyLog = w.listener
	}
	if co.Host == "" {
		co.Host = host
	}
	w.server, w.client = NewServer(server, so), NewClient(client, co)
	t.Cleanup(w.client.Close)
	t.Cleanup(w.server.Close)
	w.client.Start()
	w.server.Start()
	return w
}

// goodWire joins two ends with nothing amiss, of one TLS version.
func goodWire(t testing.TB, version uint16, keyLog io.Writer) *wire {
	id := identity(t, "seed", CertsWanted{})
	return newWire(t, id, id, Options{KeyLog: keyLog, MaxVersion: version}, Options{KeyLog: keyLog, MinVersion: version})
}

// pump carries octets until both sides are silent.
func (w *wire) pump() {
	for w.carry(ToServer, w.client, w.server) || w.carry(ToClient, w.server, w.client) {
	}
}

func (w *wire) carry(dir Direction, from, to *Link) bool {
	octets := from.Take()
	size := w.chunk
	if size == 0 {
		size = max(len(octets), 1)
	}
	for p := octets; len(p) > 0; p = p[min(size, len(p)):] {
		part := p[:min(size, len(p))]
		w.records = append(w.records, w.listener.Feed(dir, part)...)
		w.read[dir].Write(to.Feed(part))
	}
	return len(octets) > 0
}

// shake runs the handshake, which must succeed.
func (w *wire) shake(t testing.TB) {
	t.Helper()
	w.pump()
	_, c := w.client.Up()
	_, s := w.server.Up()
	if !c || !s {
		t.Fatalf("handshake: client up %v (%v), server up %v (%v)", c, w.client.Err(), s, w.server.Err())
	}
}

// line puts a record as text: direction, type, sealed as [ ], what is inside.
func line(r Record) string {
	s := r.Dir.String() + " " + r.Type
	var in []string
	if r.Inner != "" {
		in = append(in, r.Inner)
	}
	for _, m := range r.Messages {
		if m.Fragment {
			m.Type += "…"
		}
		in = append(in, m.Type)
	}
	if r.Alert != "" {
		in = append(in, r.AlertLevel, r.Alert)
	}
	inside := strings.Join(in, " ")
	if r.Sealed {
		inside = "[" + inside + "]"
	}
	return strings.TrimSpace(s + " " + inside)
}

func lines(records []Record) []string {
	var list []string
	for _, r := range records {
		list = append(list, line(r))
	}
	return list
}

// same compares texts line by line.
func same(t testing.TB, what string, got, want []string) {
	t.Helper()
	for i := range max(len(got), len(want)) {
		g, w := "nothing", "nothing"
		if i < len(got) {
			g = got[i]
		}
		if i < len(want) {
			w = want[i]
		}
		if g != w {
			t.Errorf("%s %d: got %s, want %s", what, i, g, w)
		}
	}
}

func failure(t testing.TB, who string, l *Link) Failure {
	t.Helper()
	f, ok := l.Err().(*Failure)
	if !ok {
		t.Fatalf("%s: Err() = %v, want a *Failure", who, l.Err())
	}
	return *f
}

// want compares ID, Alert and Local of a failure, as "wrong-host bad_certificate local".
func want(t testing.TB, who string, f Failure, s string) {
	t.Helper()
	got := f.ID
	if f.Alert != "" {
		got += " " + f.Alert
	}
	if f.Local {
		got += " local"
	}
	if got != s {
		t.Errorf("%s: failure %q, want %q (%s)", who, got, s, fmt.Sprint(f))
	}
}
