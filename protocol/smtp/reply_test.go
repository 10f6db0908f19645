package smtp

import (
	"encoding/json"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// REP-01, REP-02, REP-04, REP-17, ENH-01, ENH-02, ENH-03, ENH-05
func TestReplyOctets(t *testing.T) {
	for _, c := range []struct {
		name     string
		reply    Reply
		enhanced bool
		want     string
	}{
		{"one line", Say(250, EnhancedCode{2, 0, 0}, "OK"), true, "250 2.0.0 OK\r\n"},
		{"codes not offered", Say(250, EnhancedCode{2, 0, 0}, "OK"), false, "250 OK\r\n"},
		{"each line has the code", Say(535, EnhancedCode{5, 7, 8}, "no", "way"), true, "535-5.7.8 no\r\n535 5.7.8 way\r\n"},
		{"EHLO reply", Say(250, EnhancedCode{}, "mx.example.org", "STARTTLS"), true, "250-mx.example.org\r\n250 STARTTLS\r\n"},
		{"empty challenge", Say(334, EnhancedCode{}), true, "334 \r\n"},
		{"no code in 3xx", Say(354, EnhancedCode{3, 0, 0}, "go on"), true, "354 go on\r\n"},
		{"no code of another class", Say(454, EnhancedCode{5, 7, 0}, "later"), true, "454 later\r\n"},
		{"no text", Say(250, EnhancedCode{}), true, "250 \r\n"},
		{"a code and no text", Say(250, EnhancedCode{2, 0, 0}, ""), true, "250 2.0.0 \r\n"},
		{"no lines", Reply{Code: 250}, true, "250 \r\n"},
		{"no code at all", Reply{}, true, "000 \r\n"},
		{"text is never a line end", Say(250, EnhancedCode{}, "a\r\n250 b\x00\x7f\tc"), true, "250 a??250 b??\tc\r\n"},
	} {
		if got := c.reply.Octets(c.enhanced); string(got) != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

// REP-01: 512 octets, with 334 as many as a challenge needs.
func TestReplyOctetsLimit(t *testing.T) {
	long := strings.Repeat("x", 20_000)
	for code, want := range map[int]int{250: 512, 535: 512, 334: 12_294} {
		if got := Say(code, EnhancedCode{}, long).Octets(true); len(got) != want || !strings.HasSuffix(string(got), "x\r\n") {
			t.Errorf("%d: a line of %d octets, want %d", code, len(got), want)
		}
	}
	challenge := strings.Repeat("A", MaxAuthLine)
	if got := Say(334, EnhancedCode{}, challenge).Octets(true); string(got) != "334 "+challenge+"\r\n" {
		t.Errorf("a challenge of %d octets is cut to %d", len(challenge), len(got))
	}
}

func TestReplyString(t *testing.T) {
	if got := Say(535, EnhancedCode{5, 7, 8}, "no", "way").String(); got != "535-5.7.8 no\n535 5.7.8 way" {
		t.Errorf("String() = %q", got)
	}
	if got := Say(299, EnhancedCode{}).Class(); got != 2 {
		t.Errorf("Class() = %d", got)
	}
}

func TestReplyJSON(t *testing.T) {
	for want, reply := range map[string]Reply{
		`{"code":334,"lines":[""]}`:                      Say(334, EnhancedCode{}),
		`{"code":250,"enhanced":[2,0,0],"lines":["OK"]}`: Say(250, EnhancedCode{2, 0, 0}, "OK"),
	} {
		octets, err := json.Marshal(reply)
		if err != nil || string(octets) != want {
			t.Errorf("%s, %v, want %s", octets, err, want)
		}
		var back Reply
		if err := json.Unmarshal(octets, &back); err != nil || !reflect.DeepEqual(back, reply) {
			t.Errorf("%s is read back as %v, %v", octets, back, err)
		}
	}
}

// ENH-04, ENH-06: the codes that RFC 4954 §6 registers, and the form.
func TestParseEnhanced(t *testing.T) {
	for text, want := range map[string]EnhancedCode{
		"2.7.0 go ahead": {2, 7, 0}, "4.7.0 later": {4, 7, 0}, "4.7.12 move": {4, 7, 12}, "5.5.2 what": {5, 5, 2}, "5.5.4 how": {5, 5, 4},
		"5.5.6 long": {5, 5, 6}, "5.7.0 no": {5, 7, 0}, "5.7.8 no": {5, 7, 8}, "5.7.9 weak": {5, 7, 9}, "5.7.11 clear": {5, 7, 11},
		"5.99.1 x": {5, 99, 1}, "5.999.999 ": {5, 999, 999}, "2.0.0": {2, 0, 0},
	} {
		e, rest, ok := ParseEnhanced(text)
		code, after, _ := strings.Cut(text, " ")
		if !ok || e != want || rest != after || e.String() != code {
			t.Errorf("ParseEnhanced(%q) = %v, %q, %t", text, e, rest, ok)
		}
	}
	for _, text := range []string{"", "5", "5.7", "5.7.8.9 x", "5.7.8x", "5.7.8-x", "5.07.8 x", "5.7.08 x", "5.1000.1 x", "5..8 x", ".7.8 x", "5.7. x",
		"3.0.0 x", "1.0.0 x", "0.0.0 x", "6.0.0 x", "-5.7.8 x", "5.+7.8 x", "5.7.8\tx", " 5.7.8 x", "٥.7.8 x"} {
		if e, rest, ok := ParseEnhanced(text); ok || e != (EnhancedCode{}) || rest != text {
			t.Errorf("ParseEnhanced(%q) = %v, %q, %t", text, e, rest, ok)
		}
	}
	if got := (EnhancedCode{}).String(); got != "" {
		t.Errorf("no code prints as %q", got)
	}
}

// REP-12, REP-13, AUTH-01, AUTH-04
func TestParseExtensions(t *testing.T) {
	got := ParseExtensions([]string{"8BITMIME", "SIZE 10485760", "aUtH plain  LOGIN ", "AUTH=LOGIN PLAIN", "auth=cram-md5", "AUTH=", "AUTH",
		"XFOO bar", "X-1", " STARTTLS", "", " ", "X_FOO bar", "=x", "X-EXPS=LOGIN", "-A", "ПОЧТА", "\x00", "ſTARTTLS"})
	want := []Extension{
		{"8BITMIME", "", false}, {"SIZE", "10485760", false}, {"AUTH", "plain  LOGIN", false}, {"AUTH", "LOGIN PLAIN", true},
		{"AUTH", "cram-md5", true}, {"AUTH", "", true}, {"AUTH", "", false}, {"XFOO", "bar", false}, {"X-1", "", false}, {"STARTTLS", "", false},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got := ParseExtensions(nil); len(got) != 0 {
		t.Errorf("of no lines: %+v", got)
	}
}

var replyGrammar = regexp.MustCompile(`\A(?:([0-9]{3})-[\t -~]*\r\n)*([0-9]{3}) [\t -~]*\r\n\z`)

// REP-01, REP-02: whatever the texts are, the octets are one reply.
func FuzzReplyOctets(f *testing.F) {
	f.Add(535, 5, "a\r\n250 b\nc")
	f.Fuzz(func(t *testing.T, code, class int, text string) {
		code = 200 + int(uint(code)%400)
		reply := Say(code, EnhancedCode{class, 1, 1}, strings.Split(text, "\n")...)
		octets := reply.Octets(true)
		if isASCII(text) && !replyGrammar.Match(octets) {
			t.Fatalf("%q is not a reply", octets)
		}
		if len(reply.Lines) > MaxReplyLines {
			return
		}
		var r ReplyReader
		r.Feed(octets)
		back, raw, err, ok := r.Next()
		if !ok || err != nil || back.Code != code || len(back.Lines) != len(reply.Lines) || string(raw) != string(octets) || r.Buffered() != 0 {
			t.Fatalf("%q is read as %v, %v, %t", octets, back, err, ok)
		}
	})
}
