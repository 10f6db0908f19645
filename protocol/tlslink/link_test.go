package tlslink

import (
	"crypto/tls"
	"strings"
	"testing"
	"testing/cryptotest"
)

var versions = []struct {
	name    string
	version uint16
}{
	{"TLS 1.3", tls.VersionTLS13},
	{"TLS 1.2", tls.VersionTLS12},
}

func TestData(t *testing.T) {
	for _, v := range versions {
		t.Run(v.name, func(t *testing.T) {
			w := goodWire(t, v.version, nil)
			w.shake(t)
			long := strings.Repeat("0123456789abcdef", 3000) // three records
			w.client.Write([]byte("EHLO client.example\r\n"))
			w.client.Write([]byte(long))
			w.server.Write([]byte("250 mail.example.org\r\n"))
			w.server.Write(nil)
			w.pump()
			same(t, "record", lines(w.records[len(w.records)-5:]), []string{ // as large as may be
				"to-server application_data [application_data]",
				"to-server application_data [application_data]",
				"to-server application_data [application_data]",
				"to-server application_data [application_data]",
				"to-client application_data [application_data]",
			})
			if n := w.records[len(w.records)-4].Size; n != 1<<14 {
				t.Errorf("a full record holds %d octets", n)
			}
			if got := w.read[ToServer].String(); got != "EHLO client.example\r\n"+long {
				t.Errorf("server read %d octets %.40q…", len(got), got)
			}
			if got := w.read[ToClient].String(); got != "250 mail.example.org\r\n" {
				t.Errorf("client read %q", got)
			}
			if w.client.Err() != nil || w.server.Err() != nil {
				t.Errorf("errors %v, %v", w.client.Err(), w.server.Err())
			}
		})
	}
}

func TestFacts(t *testing.T) {
	for _, v := range versions {
		t.Run(v.name, func(t *testing.T) {
			w := goodWire(t, v.version, nil)
			if f, up := w.client.Up(); up || f != (Facts{}) {
				t.Errorf("before the handshake: Up() = %+v, %v", f, up)
			}
			w.shake(t)
			client, _ := w.client.Up()
			server, _ := w.server.Up()
			want := Facts{
				Version: v.name, Suite: client.Suite, Group: client.Group, ServerName: host,
				Subject: "CN=" + host, Issuer: "CN=Playground Root,O=SMTP AUTH Playground", Names: host,
				NotBefore: "2025-12-03T03:04:05Z", NotAfter: "2026-03-03T03:04:05Z", Verified: true,
			}
			if client != want {
				t.Errorf("client's facts %+v, want %+v", client, want)
			}
			want.Verified = false // a client without a certificate
			if server != want {
				t.Errorf("server's facts %+v, want %+v", server, want)
			}
			if !strings.HasPrefix(client.Suite, "TLS_") || client.Group == "" {
				t.Errorf("suite %q, group %q", client.Suite, client.Group)
			}
		})
	}
}

// A Feed of everything and octet by octet give the same records and plaintext.
func TestChunks(t *testing.T) {
	run := func(t *testing.T, version uint16, chunk int) *wire {
		cryptotest.SetGlobalRandom(t, 7)
		w := goodWire(t, version, nil)
		w.chunk = chunk
		w.shake(t)
		w.client.Write([]byte("QUIT\r\n"))
		w.server.Write([]byte("221 bye\r\n"))
		w.server.CloseNotify()
		w.pump()
		return w
	}
	for _, v := range versions {
		t.Run(v.name, func(t *testing.T) {
			whole := run(t, v.version, 0)
			for _, chunk := range []int{1, 7} {
				w := run(t, v.version, chunk)
				if len(w.records) != len(whole.records) {
					t.Fatalf("chunks of %d: %d records, want %d", chunk, len(w.records), len(whole.records))
				}
				for i, r := range w.records {
					if line(r) != line(whole.records[i]) || string(r.Octets) != string(whole.records[i].Octets) {
						t.Errorf("chunks of %d, record %d: %s, want %s", chunk, i, line(r), line(whole.records[i]))
					}
				}
				for _, dir := range []Direction{ToServer, ToClient} {
					if got, want := w.read[dir].String(), whole.read[dir].String(); got != want || want == "" {
						t.Errorf("chunks of %d, %v: read %q, want %q", chunk, dir, got, want)
					}
				}
			}
		})
	}
}

// TLS-21: a close_notify is told from a cut, and each direction ends by itself.
func TestCloseNotify(t *testing.T) {
	for _, v := range versions {
		t.Run(v.name, func(t *testing.T) {
			w := goodWire(t, v.version, nil)
			w.client.CloseNotify() // nothing to close yet
			w.shake(t)
			if w.client.PeerClosed() || w.server.PeerClosed() {
				t.Fatal("closed before close_notify")
			}
			w.server.Write([]byte("221 2.0.0 bye\r\n"))
			w.server.CloseNotify()
			w.server.CloseNotify()
			w.pump()
			if !w.client.PeerClosed() || w.server.PeerClosed() || w.client.Err() != nil {
				t.Errorf("client: closed %v, %v; server: closed %v", w.client.PeerClosed(), w.client.Err(), w.server.PeerClosed())
			}
			if got := w.read[ToClient].String(); got != "221 2.0.0 bye\r\n" {
				t.Errorf("client read %q", got)
			}
			w.client.Write([]byte("QUIT\r\n"))
			w.client.CloseNotify()
			w.client.Close()
			w.pump()
			if !w.server.PeerClosed() || w.read[ToServer].String() != "QUIT\r\n" {
				t.Errorf("server: closed %v, read %q", w.server.PeerClosed(), w.read[ToServer].String())
			}
			if got := w.server.Feed([]byte("more")); got != nil || w.server.Err() != nil {
				t.Errorf("after close_notify: %q, %v", got, w.server.Err())
			}
			w.server.Write([]byte("late"))
			want(t, "server", failure(t, "server", w.server), "closed local")
		})
	}
}

// A server that is fed before Start begins by itself; a second Start is nothing.
func TestFeedStarts(t *testing.T) {
	id := identity(t, "seed", CertsWanted{})
	c, s := NewClient(id, Options{Host: host}), NewServer(id, Options{})
	t.Cleanup(c.Close)
	t.Cleanup(s.Close)
	c.Start()
	c.Start()
	s.Feed(c.Take())
	if len(s.Take()) == 0 {
		t.Errorf("no answer to the ClientHello: %v", s.Err())
	}
}
