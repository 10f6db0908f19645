package smtp

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A readReply is what one call of Next returned.
type readReply struct {
	Reply Reply
	Raw   string
	Rule  string
}

// readReplies feeds the chunks in order and takes every reply in between.
func readReplies(t testing.TB, chunks ...[]byte) (replies []readReply, rest int) {
	t.Helper()
	var r ReplyReader
	for _, chunk := range chunks {
		r.Feed(chunk)
		for {
			reply, raw, err, ok := r.Next()
			if !ok {
				break
			}
			replies = append(replies, readReply{reply, string(raw), ruleOf(t, err)})
		}
	}
	return replies, r.Buffered()
}

// REP-02, REP-03, REP-05, REP-06, REP-07
func TestReplyVectors(t *testing.T) {
	rules := map[string]string{"reply-7": "REP-06", "reply-8": "REP-01", "reply-9": "REP-01", "reply-10": "REP-03", "reply-11": "REP-01",
		"reply-12": "REP-01", "reply-14": "CMD-02"}
	for _, v := range vectors(t, "smtp-reply", 14) {
		if (v.Expect == "reject") != (rules[v.ID] != "") {
			t.Errorf("%s: expect %q, rule %q", v.ID, v.Expect, rules[v.ID])
		}
		replies, rest := readReplies(t, []byte(v.In.Wire))
		if len(replies) != 1 || replies[0].Rule != rules[v.ID] || rest != 0 {
			t.Errorf("%s: %q gives %+v and %d octets, want rule %q", v.ID, v.In.Wire, replies, rest, rules[v.ID])
			continue
		}
		if got := replies[0]; v.Expect == "" && (got.Reply.Code != v.Out.Code || !slices.Equal(got.Reply.Lines, v.Out.Lines) || got.Raw != v.In.Wire) {
			t.Errorf("%s: %q gives %+v", v.ID, v.In.Wire, got)
		}
		if rules[v.ID] == "CMD-02" {
			continue // a matter of lines, which ParseReply is given
		}
		lines := strings.Split(strings.TrimSuffix(v.In.Wire, "\r\n"), "\r\n")
		reply, err := ParseReply(toOctets(lines))
		if ruleOf(t, err) != rules[v.ID] || reply.Code != v.Out.Code || !slices.Equal(reply.Lines, v.Out.Lines) {
			t.Errorf("%s: ParseReply(%q) = %v, %v", v.ID, lines, reply, err)
		}
	}
}

func toOctets(lines []string) (octets [][]byte) {
	for _, l := range lines {
		octets = append(octets, []byte(l))
	}
	return octets
}

func TestParseReplyWhole(t *testing.T) {
	for rule, lines := range map[string][]string{"REP-01": nil, "REP-02": {"250-a"}} {
		if r, err := ParseReply(toOctets(lines)); ruleOf(t, err) != rule {
			t.Errorf("ParseReply(%q) = %v, %v, want %s", lines, r, err, rule)
		}
	}
	if r, err := ParseReply(toOctets([]string{"250 a", "250 b"})); ruleOf(t, err) != "REP-02" {
		t.Errorf("two replies: %v, %v", r, err)
	}
}

// ENH-05, ENH-07
func TestReplyEnhanced(t *testing.T) {
	for _, c := range []struct {
		name, wire string
		want       Reply
		text       []string
	}{
		{"one line", "535 5.7.8 no\r\n", Say(535, EnhancedCode{5, 7, 8}, "no"), []string{"5.7.8 no"}},
		{"each line", "535-5.7.8 no\r\n535 5.7.8 way\r\n", Say(535, EnhancedCode{5, 7, 8}, "no", "way"), []string{"5.7.8 no", "5.7.8 way"}},
		{"first line alone", "535-5.7.8 no\r\n535 way\r\n", Say(535, EnhancedCode{5, 7, 8}, "no", "way"), []string{"5.7.8 no", "way"}},
		{"another in the second", "535-5.7.8 no\r\n535 5.7.9 way\r\n", Say(535, EnhancedCode{5, 7, 8}, "no", "5.7.9 way"), []string{"5.7.8 no", "5.7.9 way"}},
		{"second line alone", "535-no\r\n535 5.7.8 way\r\n", Say(535, EnhancedCode{}, "no", "5.7.8 way"), []string{"no", "5.7.8 way"}},
		{"unknown", "535 5.99.1 no\r\n", Say(535, EnhancedCode{5, 99, 1}, "no"), []string{"5.99.1 no"}},
		{"another class", "454 5.7.8 no\r\n", Say(454, EnhancedCode{}, "5.7.8 no"), []string{"5.7.8 no"}},
		{"in 3xx", "334 2.0.0 x\r\n", Say(334, EnhancedCode{}, "2.0.0 x"), []string{"2.0.0 x"}},
		{"no text behind it", "250 2.0.0\r\n", Say(250, EnhancedCode{2, 0, 0}, ""), []string{"2.0.0"}},
		{"no text at all", "250-\r\n250\r\n", Say(250, EnhancedCode{}, "", ""), []string{"", ""}},
		{"spaces stay", "250   a \r\n", Say(250, EnhancedCode{}, "  a "), []string{"  a "}},
		{"any octets", "250 \x1b[31m\xff\x00\r\n", Say(250, EnhancedCode{}, "\x1b[31m\xff\x00"), []string{"\x1b[31m\xff\x00"}},
	} {
		replies, _ := readReplies(t, []byte(c.wire))
		if len(replies) != 1 || replies[0].Rule != "" || !reflect.DeepEqual(replies[0].Reply, c.want) {
			t.Errorf("%s: %q gives %+v, want %+v", c.name, c.wire, replies, c.want)
		}
		if got := TextLines([]byte(c.wire)); !slices.Equal(got, c.text) {
			t.Errorf("%s: TextLines(%q) = %q, want %q", c.name, c.wire, got, c.text)
		}
	}
}

// REP-08, CMD-24, AUTH-25
func TestReplyReaderLimits(t *testing.T) {
	x := func(n int) string { return strings.Repeat("x", n) }
	for _, c := range []struct {
		name, wire, rule string
	}{
		{"512 octets", "250 " + x(506) + "\r\n", ""},
		{"513 octets", "250 " + x(507) + "\r\n", "REP-08"},
		{"a challenge of 12,288", "334 " + x(MaxAuthLine) + "\r\n", ""},
		{"a challenge of 12,289", "334 " + x(MaxAuthLine+1) + "\r\n", "REP-08"},
		{"200,000 octets", "250 " + x(200_000) + "\r\n", "REP-08"},
		{"100 lines", strings.Repeat("250-x\r\n", 99) + "250 x\r\n", ""},
		{"101 lines", strings.Repeat("250-x\r\n", 100) + "250 x\r\n", "REP-08"},
		{"100,000 lines", strings.Repeat("250-x\r\n", 100_000), "REP-08"},
	} {
		replies, rest := readReplies(t, []byte(c.wire))
		if len(replies) != 1 || replies[0].Rule != c.rule || rest != 0 {
			t.Errorf("%s: %d replies, %d octets kept, want one of rule %q", c.name, len(replies), rest, c.rule)
		}
		if n := len(replies[0].Raw); n > 100*MaxReplyLine {
			t.Errorf("%s: %d octets kept", c.name, n)
		}
	}
}

// REP-08: a line without an end is refused as soon as it is too long, and not
// kept.
func TestReplyReaderBounded(t *testing.T) {
	for begin, want := range map[string]struct {
		octets int // that are taken before
		rule   string
	}{
		"250 ":     {MaxReplyLine - 1, "REP-08"},
		"250-":     {MaxReplyLine - 1, "REP-08"},
		"334 ":     {MaxChallengeLine - 1, "REP-08"},
		"2222":     {MaxReplyLine - 1, "REP-01"},
		"250 a\nb": {MaxReplyLine - 1, "CMD-02"},
	} {
		var r ReplyReader
		came := 0
		for line := []byte(begin); ; line = []byte("x") {
			r.Feed(line)
			_, _, err, ok := r.Next()
			if ok {
				if ruleOf(t, err) != want.rule || came != want.octets {
					t.Errorf("%q: %v behind %d octets, want %s behind %d", begin, err, came, want.rule, want.octets)
				}
				break
			}
			if came += len(line); came > MaxChallengeLine || r.Buffered() > came {
				t.Fatalf("%q: %d octets, of which %d are kept", begin, came, r.Buffered())
			}
		}
	}
}

// REP-06: nothing is believed after a fault.
func TestReplyReaderError(t *testing.T) {
	var r ReplyReader
	r.Feed([]byte("220 hello\r\n250-a\r\n251 b\r\n250 c\r\n"))
	if reply, _, err, ok := r.Next(); !ok || err != nil || reply.Code != 220 {
		t.Fatalf("greeting: %v, %v, %t", reply, err, ok)
	}
	if _, raw, err, ok := r.Next(); !ok || ruleOf(t, err) != "REP-06" || string(raw) != "250-a\r\n251 b\r\n" {
		t.Errorf("codes differ: %q, %v, %t", raw, err, ok)
	}
	r.Feed([]byte("250 d\r\n"))
	if reply, raw, err, ok := r.Next(); ok || ruleOf(t, err) != "REP-06" || raw != nil || reply.Code != 0 || r.Buffered() != 0 {
		t.Errorf("after the fault: %v, %v, %t", reply, err, ok)
	}
}

// TLS-06: what waits behind a reply can be counted and thrown away.
func TestReplyReaderDrop(t *testing.T) {
	var r ReplyReader
	r.Feed([]byte("220 go\r\n250-AUTH PLAIN\r\n250"))
	r.Next()
	if n := r.Buffered(); n != len("250-AUTH PLAIN\r\n250") {
		t.Errorf("Buffered() = %d behind 220", n)
	}
	if _, _, _, ok := r.Next(); ok {
		t.Error("half a reply was returned")
	}
	if n := r.Drop(); n != len("250-AUTH PLAIN\r\n250") || r.Buffered() != 0 {
		t.Errorf("Drop() = %d, %d left", n, r.Buffered())
	}
	r.Feed([]byte("354 a\r\n"))
	if reply, _, err, ok := r.Next(); !ok || err != nil || !reflect.DeepEqual(reply, Say(354, EnhancedCode{}, "a")) {
		t.Errorf("after Drop: %v, %v, %t", reply, err, ok)
	}
}

// CMD-21
func FuzzReplyReader(f *testing.F) {
	for _, v := range vectors(f, "smtp-reply", 14) {
		f.Add([]byte("220 mx.example.org\r\n"+v.In.Wire+"250 OK\r\n"), uint64(1))
	}
	f.Add([]byte("535-5.7.8 no\r\n535 5.7.8 way\r\n"), uint64(2))
	f.Fuzz(func(t *testing.T, stream []byte, seed uint64) {
		want, wantRest := readReplies(t, stream)
		for _, chunks := range [][][]byte{octetwise(stream), randomly(rand.New(rand.NewPCG(seed, 0)), stream)} {
			if got, rest := readReplies(t, chunks...); !reflect.DeepEqual(got, want) || rest != wantRest {
				t.Fatalf("in %d pieces: %+v and %d octets, want %+v and %d", len(chunks), got, rest, want, wantRest)
			}
		}
		joined := ""
		for i, r := range want {
			joined += r.Raw
			if (r.Rule != "") != (r.Reply.Code == 0) || r.Rule != "" && i != len(want)-1 {
				t.Fatalf("reply %d of %d: %+v", i, len(want), r)
			}
			if r.Rule == "" && (r.Reply.Class() < 2 || r.Reply.Class() > 5 || len(TextLines([]byte(r.Raw))) != len(r.Reply.Lines)) {
				t.Fatalf("%q gives %+v", r.Raw, r.Reply)
			}
		}
		if whole := strings.HasPrefix(string(stream), joined); !whole && want[len(want)-1].Rule != "REP-08" {
			t.Fatalf("%q is not what came first in %q", joined, stream)
		}
	})
}
