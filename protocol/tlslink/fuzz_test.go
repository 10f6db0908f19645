package tlslink

import (
	"bytes"
	"crypto/tls"
	"slices"
	"testing"
	"testing/cryptotest"
)

// Whatever two peers say, the listener loses no octet, and one Feed and many
// give the same records.
func FuzzDissector(f *testing.F) {
	for _, name := range []string{"tls13-aes256-retry", "tls13-aes128", "tls12-aes256", "tls12-cbc"} {
		keyLog, writes := capture(f, name)
		var in [3][]byte // to server, to client, to server
		for i, w := range writes {
			switch {
			case w.dir == ToClient:
				in[1] = append(in[1], w.octets...)
			case i == 0:
				in[0] = w.octets
			default:
				in[2] = append(in[2], w.octets...)
			}
		}
		f.Add([]byte(keyLog), in[0], in[1], in[2], uint8(3))
	}
	f.Add([]byte{}, []byte("EHLO x\r\n"), []byte("\x16\x03\x03\x00\x08\x02\x00\x00\xff\x03\x03"), []byte("\x14\x03\x03\x00\x01\x01\x16\x03\x03\x00\x00"), uint8(0))
	f.Fuzz(func(t *testing.T, keyLog, one, two, three []byte, chunk uint8) {
		feed := func(size int) (list []Record, d *Dissector) {
			d = NewDissector()
			d.Write(keyLog)
			for i, p := range [][]byte{one, two, three} {
				dir, n := Direction(i%2), max(size, 1)
				if size == 0 {
					n = max(len(p), 1)
				}
				for c := range slices.Chunk(p, n) {
					list = append(list, d.Feed(dir, c)...)
				}
			}
			return list, d
		}
		whole, d := feed(0)
		parts, _ := feed(int(chunk) + 1)
		same(t, "record", lines(parts), lines(whole))
		for dir, in := range [][]byte{slices.Concat(one, three), two} {
			var out []byte
			for _, r := range whole {
				if r.Size > r.Length || len(r.Plain) > r.Length {
					t.Errorf("%s: length %d, size %d, plain %d", line(r), r.Length, r.Size, len(r.Plain))
				}
				if r.Dir == Direction(dir) {
					out = append(out, r.Octets...)
				}
			}
			s := d.streams[dir]
			if out = append(out, s.buf...); !bytes.HasPrefix(in, out) || len(out) != len(in) && !s.lost {
				t.Errorf("%d octets in, %d out, lost %v", len(in), len(out), s.lost)
			}
			if len(s.buf) > headerLen+maxFragment || len(s.hand.body) > maxHello {
				t.Errorf("keeps %d and %d octets", len(s.buf), len(s.hand.body))
			}
		}
	})
}

// A server that has seen a real ClientHello, then anything: with the client's
// second flight changed at one place, and with octets of the fuzzer behind.
func FuzzServerFeed(f *testing.F) {
	f.Add(true, uint16(1), uint16(0), byte(0), []byte("EHLO x\r\n"))
	f.Add(false, uint16(1500), uint16(0), byte(0), []byte("\x16\x03\x03\x00\x04\x10\x00\x00\x00"))
	f.Add(false, uint16(2000), uint16(3), byte(1), []byte("\x15\x03\x03\x00\x02\x02\x28"))
	f.Add(true, uint16(2000), uint16(9), byte(1), []byte("\x17\x03\x03\x00\x02\x02\x28"))
	f.Fuzz(func(t *testing.T, tls13 bool, cut, at uint16, flip byte, tail []byte) {
		cryptotest.SetGlobalRandom(t, 1) // the same flights each time
		version := uint16(tls.VersionTLS12)
		if tls13 {
			version = tls.VersionTLS13
		}
		w := goodWire(t, version, nil)
		hello := w.client.Take()
		w.server.Feed(hello[:min(int(cut), len(hello))])
		w.client.Feed(w.server.Take())
		flight := append(w.client.Take(), tail...)
		if len(flight) > 0 {
			flight[int(at)%len(flight)] ^= flip
		}
		plain := w.server.Feed(flight)
		_, up := w.server.Up()
		if len(plain) > 0 {
			t.Errorf("up %v, plaintext %q that nobody sealed", up, plain)
		}
		if err := w.server.Err(); err != nil {
			failure, ok := err.(*Failure)
			if !ok || !slices.Contains(FailureIDs(), failure.ID) ||
				failure.Alert != "" && !slices.Contains(AlertNames(), failure.Alert) {
				t.Errorf("Err() = %#v", err)
			}
		}
		w.server.Write([]byte("250 OK\r\n"))
		w.server.CloseNotify()
		w.server.Take()
	})
}
