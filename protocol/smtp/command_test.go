package smtp

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// CMD-01, CMD-03, CMD-08, CMD-09, CMD-17, CMD-20, AUTH-03, AUTH-13
func TestParseCommand(t *testing.T) {
	for _, c := range []struct {
		line string
		want Command
	}{
		{"EHLO client.example.org", Command{Verb: EHLO, Known: true, Arg: "client.example.org", Domain: "client.example.org"}},
		{"eHlO X", Command{Verb: EHLO, Known: true, Arg: "X", Domain: "X"}},
		{"EHLO [192.0.2.1]", Command{Verb: EHLO, Known: true, Arg: "[192.0.2.1]", Domain: "[192.0.2.1]"}},
		{"helo client.example.org \t ", Command{Verb: HELO, Known: true, Arg: "client.example.org", Domain: "client.example.org"}},
		{"NOOP  ", Command{Verb: NOOP, Known: true}},
		{"NOOP x  y", Command{Verb: NOOP, Known: true, Arg: "x  y"}},
		{"STARTTLS ", Command{Verb: STARTTLS, Known: true}},
		{"VRFY Tim Jones", Command{Verb: VRFY, Known: true, Arg: "Tim Jones"}},
		{"EXPN list", Command{Verb: EXPN, Known: true, Arg: "list"}},
		{"HELP", Command{Verb: HELP, Known: true}},
		{"HELP auth", Command{Verb: HELP, Known: true, Arg: "auth"}},
		{"BDAT 5 LAST", Command{Verb: BDAT, Known: true, Arg: "5 LAST"}},
		{"xyzzy Now", Command{Verb: "XYZZY", Arg: "Now"}},
		{"XFOO", Command{Verb: "XFOO"}},
		{" NOOP", Command{Arg: "NOOP"}},
		{"AUTH PLAIN ", Command{Verb: AUTH, Known: true, Arg: "PLAIN", Mechanism: "PLAIN"}},
		{"auth cram-md5", Command{Verb: AUTH, Known: true, Arg: "cram-md5", Mechanism: "CRAM-MD5"}},
		{"AUTH EXTERNAL =", Command{Verb: AUTH, Known: true, Arg: "EXTERNAL =", Mechanism: "EXTERNAL", Initial: Initial{true, "="}}},
		{"AUTH plain dGVzdAB0ZXN0ADEyMzQ=", Command{Verb: AUTH, Known: true, Arg: "plain dGVzdAB0ZXN0ADEyMzQ=", // RFC 4954 §4.1
			Mechanism: "PLAIN", Initial: Initial{true, "dGVzdAB0ZXN0ADEyMzQ="}}},
		{"mAiL fRoM:<Tim@b.Example> sIzE=5 FOO x-y=Z<>", Command{Verb: MAIL, Known: true, Arg: "fRoM:<Tim@b.Example> sIzE=5 FOO x-y=Z<>",
			Path: Path{"Tim", "b.Example"}, Params: []Param{{"SIZE", "5", true}, {"FOO", "", false}, {"X-Y", "Z<>", true}}}},
		{"MAIL FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com", Command{Verb: MAIL, Known: true, // RFC 4954 §5.1
			Arg:  "FROM:<e=mc2@example.com> AUTH=e+3Dmc2@example.com",
			Path: Path{"e=mc2", "example.com"}, Params: []Param{{"AUTH", "e+3Dmc2@example.com", true}}}},
		{"RCPT TO:<@hosta.int,@jkl.org:userc@d.bar.org>", Command{Verb: RCPT, Known: true, // RFC 5321 §4.1.1.3
			Arg: "TO:<@hosta.int,@jkl.org:userc@d.bar.org>", Path: Path{"userc", "d.bar.org"}}},
		{"RCPT TO:<pOsTmAsTeR>", Command{Verb: RCPT, Known: true, Arg: "TO:<pOsTmAsTeR>", Path: Path{Local: "pOsTmAsTeR"}}},
	} {
		got, err := ParseCommand([]byte(c.line))
		if err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("ParseCommand(%q) = %+v, %v, want %+v", c.line, got, err, c.want)
		}
	}
}

// CMD-07, CMD-10, CMD-11, CMD-13, CMD-14, CMD-23, AUTH-07, AUTH-08, AUTH-09,
// TLS-02, UTF-01: what could be read is there all the same.
func TestParseCommandFaults(t *testing.T) {
	for _, c := range []struct {
		line, rule string
		verb       Verb
	}{
		{"", "CMD-23", ""},
		{" \t ", "CMD-23", ""},
		{"NO\x00OP", "CMD-07", "NO\x00OP"},
		{"NOOP a\tb", "CMD-07", NOOP},
		{"NOOP \x7f", "CMD-07", NOOP},
		{"NOOP \xff", "CMD-07", NOOP},
		{"NOOP ü", "CMD-07", NOOP},
		{"EHLO ü.example", "CMD-07", EHLO},
		{"AUTH PLAIN ü", "CMD-07", AUTH},
		{"AUTH PLAIN dGl\tt", "CMD-07", AUTH},
		{"MAIL FROM:<a\x00@b.example>", "CMD-07", MAIL},
		{"MAIL FROM:<\xfc@b.example>", "CMD-07", MAIL},
		{"EHLO", "CMD-10", EHLO},
		{"HELO", "CMD-10", HELO},
		{"EHLO a b", "CMD-10", EHLO},
		{"EHLO a_b", "CMD-10", EHLO},
		{"EHLO  a", "CMD-10", EHLO},
		{"VRFY ", "CMD-10", VRFY},
		{"EXPN", "CMD-10", EXPN},
		{"MAIL", "CMD-10", MAIL},
		{"RCPT", "CMD-10", RCPT},
		{"MAIL TO:<a@b>", "CMD-10", MAIL},
		{"RCPT FROM:<a@b>", "CMD-10", RCPT},
		{"MAIL FROM :<a@b>", "CMD-10", MAIL},
		{"DATA x", "CMD-11", DATA},
		{"RSET x", "CMD-11", RSET},
		{"QUIT now", "CMD-11", QUIT},
		{"MAIL FROM:", "CMD-13", MAIL},
		{"MAIL FROM: <a@b>", "CMD-13", MAIL},
		{"MAIL FROM:a@b", "CMD-13", MAIL},
		{"MAIL FROM:<a@b>SIZE=1", "CMD-13", MAIL},
		{"MAIL FROM:<a@b>  SIZE=1", "CMD-13", MAIL},
		{"MAIL FROM:<a@b> SIZE=", "CMD-13", MAIL},
		{"MAIL FROM:<a@b> AUTH=a=b", "CMD-13", MAIL},
		{"MAIL FROM:<a@b> =x", "CMD-13", MAIL},
		{"MAIL FROM:<a@b> -x", "CMD-13", MAIL},
		{"MAIL FROM:<a@b> x_y=1", "CMD-13", MAIL},
		{"MAIL FROM:<a@b", "CMD-14", MAIL},
		{"MAIL FROM:<a>", "CMD-14", MAIL},
		{"MAIL FROM:<Postmaster>", "CMD-14", MAIL},
		{"RCPT TO:<>", "CMD-14", RCPT},
		{"AUTH", "AUTH-07", AUTH},
		{"AUTH  PLAIN", "AUTH-07", AUTH},
		{"AUTH PLAIN x y", "AUTH-08", AUTH},
		{"AUTH PLAIN  x", "AUTH-08", AUTH},
		{"AUTH =", "AUTH-09", AUTH},
		{"AUTH ABCDEFGHIJKLMNOPQRSTU", "AUTH-09", AUTH},
		{"STARTTLS now", "TLS-02", STARTTLS},
		{"MAIL FROM:<ü@x.example>", "UTF-01", MAIL},
		{"RCPT TO:<a@ü.example>", "UTF-01", RCPT},
		{"MAIL FROM:<a@b> FOO=ü", "UTF-01", MAIL},
		{"MAIL FROM:<ü..v@x.example>", "CMD-14", MAIL},
	} {
		got, err := ParseCommand([]byte(c.line))
		if rule := ruleOf(t, err); rule != c.rule || got.Verb != c.verb || got.Known != c.verb.Known() {
			t.Errorf("ParseCommand(%q) = %+v, %v, want %s and verb %q", c.line, got, err, c.rule, c.verb)
		}
	}
}

// A parameter that is out of order leaves what stood before it.
func TestParseCommandReadsOn(t *testing.T) {
	c, err := ParseCommand([]byte("MAIL FROM:<ü@x.example> SMTPUTF8 SIZE= BODY=7BIT"))
	want := Command{Verb: MAIL, Known: true, Arg: "FROM:<ü@x.example> SMTPUTF8 SIZE= BODY=7BIT",
		Path: Path{"ü", "x.example"}, Params: []Param{{"SMTPUTF8", "", false}}}
	if ruleOf(t, err) != "CMD-13" || !reflect.DeepEqual(c, want) {
		t.Errorf("%+v, %v, want CMD-13 and %+v", c, err, want)
	}
	if c, _ := ParseCommand([]byte("AUTH plain x y")); c.Mechanism != "PLAIN" || c.Initial.Present {
		t.Errorf("three arguments: %+v, want the mechanism alone", c)
	}
}

// UTF-01: with SMTPUTF8 offered the same lines are in order; other verbs and
// octets that are not UTF-8 stay out.
func TestParseCommandUTF8(t *testing.T) {
	for line, rule := range map[string]string{
		"MAIL FROM:<ü@x.example> SMTPUTF8":    "",
		`RCPT TO:<"ü b"@почта.example>`:       "",
		"VRFY тим":                            "",
		"MAIL FROM:<\xfc@x.example> SMTPUTF8": "CMD-07",
		"MAIL FROM:<a\u0085@x.example>":       "CMD-07",
		"MAIL FROM:<a@x。example>":             "CMD-14",
		"EHLO почта.example":                  "CMD-07",
		"NOOP ü":                              "CMD-07",
	} {
		c, err := ParseCommandUTF8([]byte(line), true)
		if ruleOf(t, err) != rule {
			t.Errorf("ParseCommandUTF8(%q) = %+v, %v, want %q", line, c, err, rule)
		}
		if path := c.Verb == MAIL || c.Verb == RCPT; path && rule == "" && c.Path.IsASCII() {
			t.Errorf("%q: the path %v counts as ASCII", line, c.Path)
		}
	}
}

// CMD-05: a MAIL line as long as it may become is read.
func TestParseCommandLongest(t *testing.T) {
	line := "MAIL FROM:<" + strings.Repeat("a", 64) + "@" + strings.Repeat("b", MaxPath-67) + "> SIZE=" + strings.Repeat("9", 20) +
		" BODY=8BITMIME SMTPUTF8 AUTH="
	limit := MaxCommandLine + MailAuth + MailSize + Mail8BitMIME + MailSMTPUTF8
	line += strings.Repeat("+3D", (limit-2-len(line))/3)
	var r LineReader
	r.Feed([]byte(line + "\r\n"))
	l, ok := r.Next(limit)
	if !ok || l.Rule != "" || l.Length < limit-2 {
		t.Fatalf("line of %d octets: %t %q", l.Length, ok, l.Rule)
	}
	c, err := ParseCommand(l.Octets)
	if err != nil || len(c.Params) != 4 {
		t.Errorf("%d parameters, %v", len(c.Params), err)
	}
}

func TestParams(t *testing.T) {
	c, _ := ParseCommand([]byte("MAIL FROM:<> SIZE=1 SMTPUTF8 size=2"))
	if p, ok := c.Param("SIZE"); !ok || p != (Param{"SIZE", "1", true}) {
		t.Errorf("SIZE is %+v, %t", p, ok)
	}
	if p, ok := c.Param("BODY"); ok {
		t.Errorf("BODY is %+v", p)
	}
}

// The vectors that the grammar alone refuses. Rows with a strictness are
// decided: strict.
var commandFaults = map[string]string{
	"command-4": "CMD-13", "command-5": "CMD-13", "command-6": "CMD-13",
	"command-18": "CMD-14", "command-19": "CMD-14", "command-20": "CMD-14",
	"command-22": "CMD-10", "command-23": "CMD-13", "command-24": "CMD-10",
	"command-28": "CMD-11", "command-29": "CMD-11", "command-30": "CMD-10", "command-39": "CMD-10",
	"command-42": "AUTH-07", "command-43": "AUTH-08", "command-45": "AUTH-09", "command-49": "TLS-02",
	"command-52": "CMD-13", "command-54": "CMD-13", "command-61": "CMD-13", "command-63": "CMD-14",
}

// The vectors that want 501 for what a parameter or an initial response says.
var commandMeaning = []string{"command-10", "command-11", "command-12", "command-47", "command-48", "command-53",
	"command-55", "command-56", "command-60"}

// CMD-10, CMD-11, CMD-13, CMD-14
func TestCommandVectors(t *testing.T) {
	for _, v := range vectors(t, "smtp-command", 77) {
		c, err := ParseCommandUTF8([]byte(v.In.Line), true)
		if rule := ruleOf(t, err); rule != commandFaults[v.ID] {
			t.Errorf("%s: ParseCommand(%q) = %+v, %v, want %q", v.ID, v.In.Line, c, err, commandFaults[v.ID])
		}
		refused := slices.Contains(v.Out.Codes, 501)
		if refused != (err != nil || slices.Contains(commandMeaning, v.ID)) {
			t.Errorf("%s: %v, but the replies are %d", v.ID, err, v.Out.Codes)
		}
		if c.Known == slices.Equal(v.Out.Codes, []int{500}) {
			t.Errorf("%s: Known is %t, but the replies are %d", v.ID, c.Known, v.Out.Codes)
		}
	}
}

// No line panics; a path that was read prints to the same path.
func FuzzParseCommand(f *testing.F) {
	for _, v := range vectors(f, "smtp-command", 77) {
		f.Add([]byte(v.In.Line))
	}
	f.Add([]byte(`RCPT TO:<@a.example,@b.example:"a\"b\\ >"@[IPv6:::1]> ORCPT=rfc822;x`))
	f.Add([]byte("MAIL FROM:<борис@почта.example> SMTPUTF8"))
	f.Fuzz(func(t *testing.T, line []byte) {
		strict, strictErr := ParseCommand(line)
		c, err := ParseCommandUTF8(line, true)
		if err != nil && strictErr == nil {
			t.Fatalf("%q is refused only with utf8: %v", line, err)
		}
		if strictErr == nil && !reflect.DeepEqual(c, strict) {
			t.Fatalf("%q: %+v, with utf8 %+v", line, strict, c)
		}
		if err != nil || c.Path.IsNull() {
			return
		}
		p, rest, err := ParsePath(c.Path.String(), c.Verb == RCPT)
		if rule := ruleOf(t, err); p != c.Path || rest != "" || rule != "" && (rule != "UTF-01" || p.IsASCII()) {
			t.Fatalf("%q: %v is read back as %v, rest %q, %v", line, c.Path, p, rest, err)
		}
		if m, err := ParseMailbox(c.Path.Mailbox()); c.Path.Domain != "" && m != c.Path {
			t.Fatalf("%q: %v is read back as %v, %v", line, c.Path.Mailbox(), m, err)
		}
	})
}
