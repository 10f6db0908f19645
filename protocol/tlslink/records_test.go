package tlslink

import (
	"bytes"
	"crypto/tls"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
)

var handshakes = map[string][]string{
	"TLS 1.3": {
		"to-server handshake client_hello",
		"to-client handshake server_hello",
		"to-client change_cipher_spec",
		"to-client application_data [handshake encrypted_extensions]",
		"to-client application_data [handshake certificate]",
		"to-client application_data [handshake certificate_verify]",
		"to-client application_data [handshake finished]",
		"to-server change_cipher_spec",
		"to-server application_data [handshake finished]",
		"to-server application_data [application_data]",
		"to-client application_data [application_data]",
		"to-client application_data [alert warning close_notify]",
	},
	"TLS 1.2": {
		"to-server handshake client_hello",
		"to-client handshake server_hello",
		"to-client handshake certificate",
		"to-client handshake server_key_exchange",
		"to-client handshake server_hello_done",
		"to-server handshake client_key_exchange",
		"to-server change_cipher_spec",
		"to-server handshake [handshake finished]",
		"to-client change_cipher_spec",
		"to-client handshake [handshake finished]",
		"to-server application_data [application_data]",
		"to-client application_data [application_data]",
		"to-client alert [alert warning close_notify]",
	},
}

func conversation(t *testing.T, w *wire) {
	w.shake(t)
	w.client.Write([]byte("QUIT\r\n"))
	w.server.Write([]byte("221 2.0.0 bye\r\n"))
	w.server.CloseNotify()
	w.pump()
}

func TestRecordNames(t *testing.T) {
	for _, v := range versions {
		t.Run(v.name, func(t *testing.T) {
			w := goodWire(t, v.version, nil)
			conversation(t, w)
			same(t, "record", lines(w.records), handshakes[v.name])
			for _, r := range w.records {
				if len(r.Octets) != headerLen+r.Length || r.Size > r.Length || r.Sealed && r.Size != len(r.Plain) {
					t.Errorf("%s: %d octets, length %d, size %d, plain %d", line(r), len(r.Octets), r.Length, r.Size, len(r.Plain))
				}
			}
		})
	}
}

// Without the key log a listener sees the types; Finished of TLS 1.2 is known by
// its place (RFC 5246 §7.4.9).
func TestWithoutKeyLog(t *testing.T) {
	want := map[string][]string{
		"TLS 1.3": {
			"to-server handshake client_hello",
			"to-client handshake server_hello",
			"to-client change_cipher_spec",
			"to-client application_data []",
			"to-client application_data []",
			"to-client application_data []",
			"to-client application_data []",
			"to-server change_cipher_spec",
			"to-server application_data []",
			"to-server application_data []",
			"to-client application_data []",
			"to-client application_data []",
		},
		"TLS 1.2": append(slices.Clone(sealed12[:12]), "to-client alert []"), // the server alone closes
	}
	for _, v := range versions {
		t.Run(v.name, func(t *testing.T) {
			w := goodWire(t, v.version, io.Discard)
			conversation(t, w)
			same(t, "record", lines(w.records), want[v.name])
			for _, r := range w.records {
				if r.Sealed && (r.Inner != "" || r.Plain != nil || r.Size != 0) {
					t.Errorf("%s: inner %q, %d octets", line(r), r.Inner, r.Size)
				}
			}
		})
	}
}

// Two connections may share a key log; each dissector opens its own.
func TestSharedKeyLog(t *testing.T) {
	one, two := NewDissector(), NewDissector()
	keyLog := io.MultiWriter(one, two)
	for _, v := range versions {
		a, b := goodWire(t, v.version, keyLog), goodWire(t, v.version, keyLog)
		a.listener, b.listener = one, two
		a.shake(t)
		b.shake(t)
		for who, w := range map[string]*wire{"EHLO one\r\n": a, "EHLO two\r\n": b} {
			w.client.Write([]byte(who))
			w.pump()
			last := w.records[len(w.records)-1]
			if string(last.Plain) != who || last.Inner != "application_data" || w.read[ToServer].String() != who {
				t.Errorf("%s: opened %q, server read %q, want %q", v.name, last.Plain, w.read[ToServer].String(), who)
			}
		}
		one, two = NewDissector(), NewDissector()
		keyLog = io.MultiWriter(one, two)
	}
}

func TestKeyLogLines(t *testing.T) {
	random, d := strings.Repeat("aB", 32), NewDissector()
	d.clientRandom = bytes.Repeat([]byte{0xab}, 32)
	log := "# a comment\n\nCLIENT_RANDOM " + random + " 0102\nSHORT ab 01\nODD " + random + " 012\n" +
		"LONG " + random + " " + strings.Repeat("00", 4000) + "\nSERVER_TRAFFIC_SECRET_0 " + random + " 03\n"
	for _, c := range []byte(log) {
		if n, err := d.Write([]byte{c}); n != 1 || err != nil {
			t.Fatalf("Write = %d, %v", n, err)
		}
	}
	if len(d.secrets) != 2 || string(d.secret("CLIENT_RANDOM")) != "\x01\x02" || string(d.secret("SERVER_TRAFFIC_SECRET_0")) != "\x03" {
		t.Errorf("secrets %x", d.secrets)
	}
}

// Handshake messages may share and span records (RFC 8446 §5.1).
func TestMessagesAndRecords(t *testing.T) {
	record := func(p string) string { return "\x16\x03\x03\x00" + string(rune(len(p))) + p }
	const (
		hello = "\x01\x00\x00\x05abcde"
		done  = "\x0e\x00\x00\x00"
	)
	tests := []struct {
		name, octets string
		want         [][]Message
	}{
		{"two in one", record(hello + done), [][]Message{{{"client_hello", 5, false}, {"server_hello_done", 0, false}}}},
		{"cut in the body", record(hello[:6]) + record(hello[6:]), [][]Message{{{"client_hello", 5, true}}, {{"client_hello", 5, true}}}},
		{"cut in the header", record(hello[:2]) + record(hello[2:]), [][]Message{{{"client_hello", 0, true}}, {{"client_hello", 5, true}}}},
		{"cut behind the header", record(hello[:4]) + record(hello[4:]+done), [][]Message{
			{{"client_hello", 5, true}}, {{"client_hello", 5, true}, {"server_hello_done", 0, false}}}},
		{"nothing in between", record(hello[:4]) + record("") + record(hello[4:]), [][]Message{
			{{"client_hello", 5, true}}, nil, {{"client_hello", 5, true}}}},
		{"an unknown type", record("\x63\x00\x00\x00"), [][]Message{{{Unknown, 0, false}}}},
		{"longer than will ever come", record("\x0b\xff\xff\xffab"), [][]Message{{{"certificate", 0xffffff, true}}}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var got [][]Message
			for _, r := range NewDissector().Feed(ToServer, []byte(test.octets)) {
				got = append(got, r.Messages)
			}
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("messages %v, want %v", got, test.want)
			}
		})
	}
}

// A real handshake whose messages are cut anew: one octet a record, and the
// server's flight in one. Both ends and the listener take it.
func TestRealMessagesCutAnew(t *testing.T) {
	w := goodWire(t, tls.VersionTLS12, nil)
	recut := func(octets []byte, size int) []byte {
		var all, out []byte
		for _, r := range NewDissector().Feed(ToServer, octets) {
			all = append(all, r.Octets[headerLen:]...)
		}
		for p := all; len(p) > 0; p = p[min(size, len(p)):] {
			n := min(size, len(p))
			out = append(append(out, 22, 3, 3, byte(n>>8), byte(n)), p[:n]...)
		}
		return out
	}
	hello := recut(w.client.Take(), 1)
	w.records = w.listener.Feed(ToServer, hello)
	if n := len(w.records); n < 100 || w.records[n-1].Messages[0].Type != "client_hello" {
		t.Fatalf("%d records", n)
	}
	w.server.Feed(hello)
	flight := recut(w.server.Take(), 1<<14)
	w.records = w.listener.Feed(ToClient, flight)
	same(t, "record", lines(w.records), []string{"to-client handshake server_hello certificate server_key_exchange server_hello_done"})
	w.client.Feed(flight)
	w.shake(t)
	w.client.Write([]byte("QUIT\r\n"))
	w.pump()
	if last := w.records[len(w.records)-1]; string(last.Plain) != "QUIT\r\n" {
		t.Errorf("opened %q", last.Plain)
	}
}

// The record that is not TLS comes once and ends its direction, not the other.
func TestNotTLSRecord(t *testing.T) {
	for _, octets := range []string{"EHLO x\r\n", "\x00\x00\x00\x00\x00\x00", "\x16\x02\x00\x00\x01a", "\x18\x03\x03\x00\x01a", "\x16\x03\x03\x48\x01a"} {
		d := NewDissector()
		var got []Record
		for _, c := range []byte(octets) {
			got = append(got, d.Feed(ToServer, []byte{c})...)
		}
		if len(got) != 1 || line(got[0]) != "to-server not-tls" || string(got[0].Octets) != octets[:5] {
			t.Errorf("%q: %v", octets, got)
		}
		same(t, "record", lines(d.Feed(ToClient, []byte("\x15\x03\x03\x00\x02\x02\x0a"))), []string{"to-client alert fatal unexpected_message"})
	}
}

// A ServerHello cut anywhere, or with lengths that lie, is read as far as it goes.
func TestServerHelloLengths(t *testing.T) {
	const head = "\x03\x03" + "0123456789abcdef0123456789abcdef" // version, random
	tests := []struct {
		name, body     string
		version, suite uint16
	}{
		{"whole", head + "\x00\x13\x01\x00\x00\x06\x00\x2b\x00\x02\x03\x04", 0x0304, 0x1301},
		{"behind another extension", head + "\x01x\x13\x02\x00\x00\x0b\x00\x17\x00\x01a\x00\x2b\x00\x02\x03\x04", 0x0304, 0x1302},
		{"no extensions", head + "\x00\xc0\x2b\x00", 0x0303, 0xc02b},
		{"a version of one octet", head + "\x00\x13\x01\x00\x00\x05\x00\x2b\x00\x01\x03", 0x0303, 0x1301},
		{"an extension past the end", head + "\x00\x13\x01\x00\x00\x06\x00\x2b\x00\x03\x03\x04", 0x0303, 0x1301},
		{"a session id past the end", head + "\xff\x13\x01\x00", 0, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := NewDissector()
			if d.serverHello([]byte(test.body)) || d.version != test.version || d.suite != test.suite {
				t.Errorf("version %04x, suite %04x; want %04x, %04x", d.version, d.suite, test.version, test.suite)
			}
			for cut := range len(test.body) {
				d := NewDissector()
				if d.serverHello([]byte(test.body[:cut])); d.version == 0x0304 {
					t.Errorf("cut at %d: a version that was not there", cut)
				}
			}
		})
	}
}

// The key log may give any suite and secret: no key then, and no panic.
func TestStrangeKeys(t *testing.T) {
	keyLog, writes := capture(t, "tls13-aes128")
	for _, name := range []string{"HANDSHAKE_TRAFFIC_SECRET", "TRAFFIC_SECRET_0"} {
		names, plain := dissect(t, strings.ReplaceAll(keyLog, name, "OTHER"), writes)
		if len(names) != 14 || plain != [2]string{} {
			t.Errorf("without %s: %d records, %q", name, len(names), plain)
		}
	}
	var cut []string
	for l := range strings.Lines(keyLog) {
		f := strings.Fields(l)
		cut = append(cut, f[0]+" "+f[1]+" 00")
	}
	if names, plain := dissect(t, strings.Join(cut, "\n")+"\n", writes); len(names) != 14 || plain != [2]string{} {
		t.Errorf("with wrong secrets: %d records, %q", len(names), plain)
	}
}

// A KeyUpdate that asks for one (RFC 8446 §4.6.3) is taken by a Link, and the
// listener keeps up with the new keys of both directions.
func TestKeyUpdate(t *testing.T) {
	w := goodWire(t, tls.VersionTLS13, nil)
	w.shake(t)
	w.client.Write([]byte("NOOP\r\n"))
	w.pump()
	// The client's next record, sealed by the test: crypto/tls cannot be asked.
	k := *w.listener.streams[ToServer].key
	header := []byte{23, 3, 3, 0, 6 + 16}
	nonce := bytes.Clone(k.iv)
	nonce[11] ^= byte(k.seq)
	update := k.aead.Seal(header, nonce, []byte{msgKeyUpdate, 0, 0, 1, 1, typeHandshake}, header)
	records := w.listener.Feed(ToServer, update)
	w.server.Feed(update)
	answer := w.server.Take()
	records = append(records, w.listener.Feed(ToClient, answer)...)
	w.client.Feed(answer)
	w.server.Write([]byte("250 OK\r\n"))
	reply := w.server.Take()
	records = append(records, w.listener.Feed(ToClient, reply)...)
	same(t, "record", lines(records), []string{
		"to-server application_data [handshake key_update]",
		"to-client application_data [handshake key_update]",
		"to-client application_data [application_data]",
	})
	if plain := w.client.Feed(reply); string(plain) != "250 OK\r\n" || w.client.Err() != nil || w.server.Err() != nil {
		t.Errorf("client read %q (%v, %v)", plain, w.client.Err(), w.server.Err())
	}
}

func TestNames(t *testing.T) {
	for code := range 256 {
		if !slices.Contains(AlertNames(), AlertName(uint8(code))) {
			t.Errorf("AlertNames() lacks %s", AlertName(uint8(code)))
		}
	}
	for _, id := range []string{"client_hello", "finished", "hello_retry_request", Unknown} {
		if !slices.Contains(MessageTypes(), id) {
			t.Errorf("MessageTypes() lacks %s", id)
		}
	}
	for id, want := range map[tls.CurveID]string{0: "", tls.CurveP256: "secp256r1", tls.CurveP384: "secp384r1",
		tls.CurveP521: "secp521r1", tls.X25519: "x25519", tls.X25519MLKEM768: "X25519MLKEM768"} {
		if got := groupName(id); got != want {
			t.Errorf("groupName(%d) = %q, want %q", id, got, want)
		}
	}
	if got, want := RecordTypes(), []string{"alert", "application_data", "change_cipher_spec", "handshake", Unknown, "not-tls"}; !slices.Equal(got, want) {
		t.Errorf("RecordTypes() = %q, want %q", got, want)
	}
}
