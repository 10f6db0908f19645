package smtp

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// readLines feeds the chunks in order and takes every line in between.
func readLines(limit int, chunks ...[]byte) (lines []Line, rest []byte) {
	var r LineReader
	for _, chunk := range chunks {
		r.Feed(chunk)
		for l, ok := r.Next(limit); ok; l, ok = r.Next(limit) {
			lines = append(lines, l)
		}
	}
	return lines, r.Drop()
}

func show(lines []Line) string {
	var b strings.Builder
	for _, l := range lines {
		fmt.Fprintf(&b, "{%q %d %s}", l.Octets, l.Length, l.Rule)
	}
	return b.String()
}

// octetwise cuts a stream into single octets.
func octetwise(stream []byte) (chunks [][]byte) {
	for i := range stream {
		chunks = append(chunks, stream[i:i+1])
	}
	return chunks
}

// randomly cuts a stream into pieces of 0 to 9 octets.
func randomly(rnd *rand.Rand, stream []byte) (chunks [][]byte) {
	for len(stream) > 0 {
		n := min(rnd.IntN(10), len(stream))
		chunks, stream = append(chunks, stream[:n]), stream[n:]
	}
	return chunks
}

// CMD-02, CMD-04
func TestLineReader(t *testing.T) {
	const limit = 12
	for _, c := range []struct {
		name, stream string
		want         []Line
		rest         string
	}{
		{"two lines and a half", "EHLO a\r\nNOOP\r\nQU", []Line{{[]byte("EHLO a"), 8, ""}, {[]byte("NOOP"), 6, ""}}, "QU"},
		{"empty lines", "\r\n\r\n", []Line{{[]byte(""), 2, ""}, {[]byte(""), 2, ""}}, ""},
		{"bare LF", "NOOP\nNOOP\r\n", []Line{{[]byte("NOOP\nNOOP"), 11, "CMD-02"}}, ""},
		{"bare CR", "NO\rOP\r\n", []Line{{[]byte("NO\rOP"), 7, "CMD-02"}}, ""},
		{"CR before CR LF", "NOOP\r\r\n", []Line{{[]byte("NOOP\r"), 7, "CMD-02"}}, ""},
		{"LF CR", "NOOP\n\rA\r\n", []Line{{[]byte("NOOP\n\rA"), 9, "CMD-02"}}, ""},
		{"LF alone ends nothing", "NOOP\n", nil, "NOOP\n"},
		{"CR alone ends nothing", "NOOP\r", nil, "NOOP\r"},
		{"a fault is of one line", "A\nB\r\nC\r\n", []Line{{[]byte("A\nB"), 5, "CMD-02"}, {[]byte("C"), 3, ""}}, ""},
		{"at the limit", "0123456789\r\nA\r\n", []Line{{[]byte("0123456789"), 12, ""}, {[]byte("A"), 3, ""}}, ""},
		{"one over", "0123456789a\r\nA\r\n", []Line{{[]byte("0123456789a"), 13, "CMD-04"}, {[]byte("A"), 3, ""}}, ""},
		{"two over", "0123456789ab\r\nA\r\n", []Line{{[]byte("0123456789ab"), 14, "CMD-04"}, {[]byte("A"), 3, ""}}, ""},
		{"far over", "0123456789abcdefNOOP\r\nA\r\n", []Line{{[]byte("0123456789ab"), 22, "CMD-04"}, {[]byte("A"), 3, ""}}, ""},
		{"too long wins over bare LF", "0123456\n89abcdef\r\n", []Line{{[]byte("0123456\n89ab"), 18, "CMD-04"}}, ""},
		{"CR at the limit", "0123456789a\rbc\r\n", []Line{{[]byte("0123456789a\r"), 16, "CMD-04"}}, ""},
		{"swallowing", "0123456789abcdef\nNOOP", nil, "0123456789ab"},
	} {
		stream := []byte(c.stream)
		for cut, chunks := range map[string][][]byte{"whole": {stream}, "octets": octetwise(stream)} {
			lines, rest := readLines(limit, chunks...)
			if !reflect.DeepEqual(lines, c.want) || string(rest) != c.rest {
				t.Errorf("%s (%s): %s, rest %q, want %s, rest %q", c.name, cut, show(lines), rest, show(c.want), c.rest)
			}
		}
	}
}

// CMD-21: every dialogue as a whole, octet by octet and in random pieces.
func TestLineReaderSplit(t *testing.T) {
	dialogues := []string{
		"EHLO client.example.org\r\nSTARTTLS\r\n",
		"AUTH CRAM-MD5\r\ndGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\r\nQUIT\r\n",
		"NOOP\nNOOP\r\n\r\r\n\n\r\n" + strings.Repeat("x", 600) + "\r\nNOOP\r\n",
	}
	for _, v := range vectors(t, "smtp-dot", 16) {
		dialogues = append(dialogues, v.In.Wire+v.Out.Wire)
	}
	all := ""
	for _, v := range vectors(t, "smtp-command", 77) {
		all += v.In.Line + "\r\n"
	}
	dialogues = append(dialogues, all)
	for seed, dialogue := range dialogues {
		rnd := rand.New(rand.NewPCG(uint64(seed), 0))
		for _, limit := range []int{8, MaxCommandLine} {
			want, wantRest := readLines(limit, []byte(dialogue))
			for _, chunks := range [][][]byte{octetwise([]byte(dialogue)), randomly(rnd, []byte(dialogue))} {
				if got, rest := readLines(limit, chunks...); !reflect.DeepEqual(got, want) || !bytes.Equal(rest, wantRest) {
					t.Errorf("limit %d, %.40q in %d pieces: %s, want %s", limit, dialogue, len(chunks), show(got), show(want))
				}
			}
		}
	}
}

// CMD-04, CMD-24: 200,000 octets give one fault and keep no more than the limit.
func TestLineReaderBounded(t *testing.T) {
	var r LineReader
	for range 200 {
		r.Feed(bytes.Repeat([]byte("x"), 1000))
		if l, ok := r.Next(MaxCommandLine); ok {
			t.Fatalf("a line of %d octets before CR LF", l.Length)
		}
		if n := r.Buffered(); n > MaxCommandLine || cap(r.line) > 2*MaxCommandLine || r.fed != nil {
			t.Fatalf("%d octets kept, limit %d", n, MaxCommandLine)
		}
	}
	r.Feed([]byte("\r\nNOOP\r\n"))
	if l, ok := r.Next(MaxCommandLine); !ok || l.Rule != "CMD-04" || l.Length != 200_002 || len(l.Octets) != MaxCommandLine {
		t.Errorf("over-long line: %d octets, %d kept, rule %q", l.Length, len(l.Octets), l.Rule)
	}
	if l, ok := r.Next(MaxCommandLine); !ok || string(l.Octets) != "NOOP" || l.Rule != "" {
		t.Errorf("after it: %q, rule %q, want NOOP", l.Octets, l.Rule)
	}
}

// TLS-05: what waits behind a line can be counted and thrown away.
func TestLineReaderDrop(t *testing.T) {
	var r LineReader
	r.Feed([]byte("STARTTLS\r\nEHLO evil\r\nMAIL"))
	r.Next(MaxCommandLine)
	if n := r.Buffered(); n != len("EHLO evil\r\nMAIL") {
		t.Errorf("Buffered() = %d behind STARTTLS", n)
	}
	if got := r.Drop(); string(got) != "EHLO evil\r\nMAIL" {
		t.Errorf("Drop() = %q", got)
	}
	r.Feed([]byte("\r\nNOOP\r\n"))
	if l, ok := r.Next(MaxCommandLine); !ok || len(l.Octets) != 0 {
		t.Errorf("after Drop: %q, want the empty line that was fed since", l.Octets)
	}
}

// A limit that changes inside a line cuts it with a fault, never without.
func TestLineReaderLimitChanges(t *testing.T) {
	var r LineReader
	r.Feed([]byte("0123456789"))
	r.Next(4)
	r.Feed([]byte("ab\r\n"))
	if l, _ := r.Next(100); l.Rule != "CMD-04" {
		t.Errorf("raised limit: %q, rule %q, want CMD-04", l.Octets, l.Rule)
	}
	r.Feed([]byte("0123456789"))
	r.Next(100)
	r.Feed([]byte("\r\n"))
	if l, ok := r.Next(0); !ok || l.Rule != "CMD-04" || len(l.Octets) != 0 {
		t.Errorf("lowered limit: %q, rule %q, want CMD-04 and nothing kept", l.Octets, l.Rule)
	}
}

func FuzzLineReader(f *testing.F) {
	f.Add([]byte("EHLO a\r\nNOOP\nNOOP\r\n0123456789abcdef\r\r\nQUIT\r\n"), uint16(12), uint64(1))
	f.Fuzz(func(t *testing.T, stream []byte, limit uint16, seed uint64) {
		want, wantRest := readLines(int(limit), stream)
		for _, chunks := range [][][]byte{octetwise(stream), randomly(rand.New(rand.NewPCG(seed, 0)), stream)} {
			got, rest := readLines(int(limit), chunks...)
			if !reflect.DeepEqual(got, want) || !bytes.Equal(rest, wantRest) {
				t.Fatalf("in %d pieces: %s %q, want %s %q", len(chunks), show(got), rest, show(want), wantRest)
			}
		}
		total := 0
		for _, l := range want {
			total += l.Length
			clean := !bytes.ContainsAny(l.Octets, "\r\n")
			if over := l.Length > int(limit); over != (l.Rule == "CMD-04") || !over && clean != (l.Rule == "") {
				t.Fatalf("%q of %d octets, limit %d: rule %q", l.Octets, l.Length, limit, l.Rule)
			}
		}
		if rest := len(stream) - total; len(wantRest) > rest || rest <= int(limit) && len(wantRest) != rest {
			t.Fatalf("%d octets of %d in lines, %d left", total, len(stream), len(wantRest))
		}
	})
}
