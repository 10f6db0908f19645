package smtp

import "testing"

// PAR-03, with lower-case hexadecimal digits decided to be refused.
func TestXtextVectors(t *testing.T) {
	for _, v := range vectors(t, "xtext", 13) {
		if v.Expect == "" {
			if got := EncodeXtext(v.In.DecodedUTF8); got != v.Out.Xtext {
				t.Errorf("%s: EncodeXtext(%q) = %q, want %q", v.ID, v.In.DecodedUTF8, got, v.Out.Xtext)
			}
			if got, err := DecodeXtext(v.Out.Xtext); got != v.In.DecodedUTF8 || err != nil {
				t.Errorf("%s: DecodeXtext(%q) = %q, %v, want %q", v.ID, v.Out.Xtext, got, err, v.In.DecodedUTF8)
			}
			continue
		}
		if got, err := DecodeXtext(v.In.XtextIn); ruleOf(t, err) != "PAR-03" || got != "" {
			t.Errorf("%s (%s): DecodeXtext(%q) = %q, %v, want PAR-03", v.ID, v.Note, v.In.XtextIn, got, err)
		}
	}
}

// PAR-03: every octet survives, and those that may stand as they are do.
func TestXtextOctets(t *testing.T) {
	for c := range 256 {
		s := string([]byte{byte(c)})
		x := EncodeXtext(s)
		if plain := c > ' ' && c < 0x7f && c != '+' && c != '='; plain != (x == s) {
			t.Errorf("EncodeXtext(%q) = %q", s, x)
		}
		if got, err := DecodeXtext(x); got != s || err != nil {
			t.Errorf("DecodeXtext(%q) = %q, %v, want %q", x, got, err, s)
		}
	}
}

// PAR-02: the decoded value of AUTH= is a mailbox or <>.
func TestXtextMailbox(t *testing.T) {
	for x, want := range map[string]string{
		"e+3Dmc2@example.com":            "",
		`"quoted,local"@example.org`:     "",
		"user+20name@example.org":        "CMD-14",
		"notamailbox":                    "CMD-14",
		"+C3+BC@example.org":             "UTF-01",
		"a@example.org+0D+0A":            "CMD-14",
		"+3Ca@example.org+3E":            "CMD-14",
		"a@example.org,b@example.org":    "CMD-14",
		`+22a+20b+22@[IPv6:2001:db8::1]`: "",
	} {
		s, err := DecodeXtext(x)
		if err != nil {
			t.Fatalf("DecodeXtext(%q): %v", x, err)
		}
		if _, err := ParseMailbox(s); ruleOf(t, err) != want {
			t.Errorf("ParseMailbox(%q) = %v, want %q", s, err, want)
		}
	}
}
