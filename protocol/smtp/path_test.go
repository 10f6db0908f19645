package smtp

import (
	"strings"
	"testing"
)

// CMD-14, CMD-15, CMD-16
func TestParsePath(t *testing.T) {
	for _, c := range []struct {
		s       string
		forward bool
		want    Path
		rest    string
		print   string // "": as s without its rest
	}{
		{"<tim@example.org> SIZE=1", false, Path{"tim", "example.org"}, " SIZE=1", "<tim@example.org>"},
		{"<>", false, Path{}, "", ""},
		{"<>x", false, Path{}, "x", "<>"},
		{"<Postmaster>", true, Path{Local: "Postmaster"}, "", ""},
		{"<pOsTmAsTeR>", true, Path{Local: "pOsTmAsTeR"}, "", ""},
		{"<Postmaster@example.org>", true, Path{"Postmaster", "example.org"}, "", ""},
		{"<!#$%&'*+-/=?^_`{|}~@example.org>", true, Path{"!#$%&'*+-/=?^_`{|}~", "example.org"}, "", ""},
		{"<a.b.c@1-2.example.org>", false, Path{"a.b.c", "1-2.example.org"}, "", ""},
		{`<"a b"@example.com>`, false, Path{"a b", "example.com"}, "", ""},
		{`<"a>b"@example.com>`, false, Path{"a>b", "example.com"}, "", ""},
		{`<"a\"\\b"@example.com>`, false, Path{`a"\b`, "example.com"}, "", ""},
		{`<"tim"@example.com>`, false, Path{"tim", "example.com"}, "", "<tim@example.com>"},
		{`<"\t\i\m"@example.com>`, false, Path{"tim", "example.com"}, "", "<tim@example.com>"},
		{`<"a..b"@example.com>`, false, Path{"a..b", "example.com"}, "", ""},
		{`<""@example.com>`, false, Path{"", "example.com"}, "", ""},
		{`<"a@b"@example.com>`, false, Path{"a@b", "example.com"}, "", ""},
		{"<user@[192.0.2.1]>", false, Path{"user", "[192.0.2.1]"}, "", ""},
		{"<user@[IPv6:2001:db8::1]>", false, Path{"user", "[IPv6:2001:db8::1]"}, "", ""},
		{"<user@[x-tag:a>b]>", false, Path{"user", "[x-tag:a>b]"}, "", ""},
		{"<@relay.example:u@x.example>", false, Path{"u", "x.example"}, "", "<u@x.example>"},
		{"<@a.example,@b.example:u@x.example>", true, Path{"u", "x.example"}, "", "<u@x.example>"},
	} {
		p, rest, err := ParsePath(c.s, c.forward)
		if err != nil || p != c.want || rest != c.rest {
			t.Errorf("ParsePath(%q) = %+v, rest %q, %v, want %+v, rest %q", c.s, p, rest, err, c.want, c.rest)
		}
		if c.print == "" {
			c.print = c.s
		}
		if got := p.String(); got != c.print {
			t.Errorf("ParsePath(%q) prints as %s, want %s", c.s, got, c.print)
		}
	}
}

// CMD-13, CMD-14
func TestParsePathFaults(t *testing.T) {
	for s, rule := range map[string]string{
		"":                           "CMD-13",
		" <a@b>":                     "CMD-13",
		"a@b":                        "CMD-13",
		"<":                          "CMD-14",
		"<a":                         "CMD-14",
		"<a@":                        "CMD-14",
		"<a@>":                       "CMD-14",
		"<@b>":                       "CMD-14",
		"<a@b":                       "CMD-14",
		"< >":                        "CMD-14",
		"< a@b>":                     "CMD-14",
		"<a@b >":                     "CMD-14",
		"<a b@c>":                    "CMD-14",
		"<<a@b>>":                    "CMD-14",
		"<a@b@c>":                    "CMD-14",
		"<u..v@x.example>":           "CMD-14",
		"<.u@x.example>":             "CMD-14",
		"<u.@x.example>":             "CMD-14",
		"<u@x..example>":             "CMD-14",
		"<u@.example>":               "CMD-14",
		"<u@example.>":               "CMD-14",
		"<u@-a.example>":             "CMD-14",
		"<u@a-.example>":             "CMD-14",
		"<u@exa_mple.com>":           "CMD-14",
		`<"u@x.example>`:             "CMD-14",
		`<"u"x@x.example>`:           "CMD-14",
		`<"u\"@x.example>`:           "CMD-14",
		`<"u" @x.example>`:           "CMD-14",
		"<\"a\x01b\"@x.example>":     "CMD-14",
		"<u@[192.0.2.256]>":          "CMD-14",
		"<u@[192.0.2.1>":             "CMD-14",
		"<u@[]>":                     "CMD-14",
		"<u@[192.0.2.1]x>":           "CMD-14",
		"<u@[IPv6:fe80::1%25eth0]>":  "CMD-14",
		"<u@[IPv6:192.0.2.1]>":       "CMD-14",
		"<u@[2001:db8::1]>":          "",
		"<relay.example:u@x>":        "CMD-14",
		"<@relay.example,u@x>":       "CMD-14",
		"<@a.example,b.example:u@x>": "CMD-14",
		"<@a.example:>":              "CMD-14",
		"<@[192.0.2.1]:u@x.example>": "CMD-14",
		"<ü@x.example>":              "UTF-01",
		"<\xff@x.example>":           "CMD-14",
		"<u@\xff.example>":           "CMD-14",
		"<\"a\xff\"@x.example>":      "CMD-14",
		"<\"a\u0085\"@x.example>":    "CMD-14",
		"<a\xffbc@x.example>":        "CMD-14",
		"<a\u0085@x.example>":        "CMD-14",
	} {
		if p, _, err := ParsePath(s, true); ruleOf(t, err) != rule {
			t.Errorf("ParsePath(%q) = %+v, %v, want %q", s, p, err, rule)
		}
	}
	if p, _, err := ParsePath("<>", true); ruleOf(t, err) != "CMD-14" {
		t.Errorf("forward-path <>: %+v, %v", p, err)
	}
	if p, _, err := ParsePath("<Postmaster>", false); ruleOf(t, err) != "CMD-14" {
		t.Errorf("reverse-path <Postmaster>: %+v, %v", p, err)
	}
}

// CMD-14: 64, 255 and 256 octets are taken, one more is not.
func TestPathLengths(t *testing.T) {
	n := func(c string, n int) string { return strings.Repeat(c, n) }
	for _, c := range []struct {
		name, path string
		ok         bool
	}{
		{"local part of 64", "<" + n("a", 64) + "@x.example>", true},
		{"local part of 65", "<" + n("a", 65) + "@x.example>", false},
		{"quoted local part of 64 with its quotes", `<"` + n(" ", 62) + `"@x.example>`, true},
		{"quoted local part of 65 with its quotes", `<"` + n(" ", 63) + `"@x.example>`, false},
		{"path of 256", "<a@" + n("b", 252) + ">", true},
		{"path of 257", "<a@" + n("b", 253) + ">", false},
		{"path of 256 with its route", "<@r:a@" + n("b", 249) + ">", true},
		{"path of 257 with its route", "<@r:a@" + n("b", 250) + ">", false},
	} {
		p, _, err := ParsePath(c.path, false)
		if (err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, err)
		}
		if m, err := ParseMailbox(p.Mailbox()); c.ok && (m != p || err != nil) {
			t.Errorf("%s: mailbox %v, %v", c.name, m, err)
		}
	}
	if !ValidDomain(n("b", 255)) || ValidDomain(n("b", 256)) {
		t.Error("a domain has up to 255 octets")
	}
	if _, err := ParseMailbox("a@" + n("b", 253)); ruleOf(t, err) != "CMD-14" {
		t.Errorf("a mailbox whose path has 257 octets: %v", err)
	}
}

func TestParseMailbox(t *testing.T) {
	for s, rule := range map[string]string{
		"tim@example.org": "", `"a b"@example.org`: "", "tim@[192.0.2.1]": "",
		"": "CMD-14", "tim": "CMD-14", "Postmaster": "CMD-14", "<tim@example.org>": "CMD-14", "tim@example.org>": "CMD-14",
		"tim@example.org x": "CMD-14", "@r:tim@example.org": "CMD-14", "тим@example.org": "UTF-01",
	} {
		p, err := ParseMailbox(s)
		if ruleOf(t, err) != rule {
			t.Errorf("ParseMailbox(%q) = %+v, %v, want %q", s, p, err, rule)
		}
		if rule != "CMD-14" && p.Mailbox() != s {
			t.Errorf("ParseMailbox(%q) prints as %q", s, p.Mailbox())
		}
	}
}

func TestPathKinds(t *testing.T) {
	if p := (Path{}); !p.IsNull() || p.String() != "<>" || p.Mailbox() != "" {
		t.Errorf("the zero Path is %v", p)
	}
	if p := (Path{"", "example.org"}); p.IsNull() {
		t.Errorf("%v is null", p)
	}
}

// CMD-20
func TestValidDomain(t *testing.T) {
	for s, want := range map[string]bool{
		"client.example.org": true, "x": true, "127.0.0.1": true, "xn--80a1acny.example": true, "a--b": true,
		"[192.0.2.1]": true, "[IPv6:2001:db8::1]": true, "[ipv6:::ffff:192.0.2.1]": true, "[x-Tag1:any!@#thing]": true,
		"": false, ".": false, "a.": false, ".a": false, "a..b": false, "-a": false, "a-": false, "a_b": false, "a b": false, "a/b": false,
		"почта.example": false, "[": false, "]": false, "[]": false, "[192.0.2]": false, "[192.0.2.1": false, "192.0.2.1]": false,
		"[192.0.2.01]": false, "[::1]": false, "[IPv6:]": false, "[IPv6:::1%1]": false, "[IPv6:192.0.2.1]": false,
		"[tag:]": false, "[tag-:x]": false, "[t_g:x]": false, "[tag:a]b]": false, "[tag:a b]": false, "[tag:[]": false, "[tag:ü]": false,
	} {
		if got := ValidDomain(s); got != want {
			t.Errorf("ValidDomain(%q) = %t, want %t", s, got, want)
		}
	}
}
