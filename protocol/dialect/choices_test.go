package dialect_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/machine"
	"example.org/smtpauth/protocol/quirk"
	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/server"
)

// ehlo are the lines of a server's reply to EHLO after the first.
func ehlo(t *testing.T, p server.Policy, tls bool) (lines []string) {
	t.Helper()
	env := sasl.Env{Rand: strings.NewReader(strings.Repeat("random", 1000)), Now: func() time.Time { return time.Time{} }}
	p.Role = server.Submission
	if tls {
		p.Role = server.Submissions
	}
	s, err := server.New(p, env)
	if err != nil {
		t.Fatal(err)
	}
	s.Step(machine.Input{Kind: machine.Connected, Channel: sasl.Channel{TLS: tls}})
	for _, e := range s.Step(machine.Input{Kind: machine.Octets, Octets: []byte("EHLO a\r\n")}) {
		if e.Kind == machine.Said {
			lines = append(lines, e.Reply.Lines[1:]...)
		}
	}
	return lines
}

// names reports whether a line lists a mechanism, or is a keyword.
func names(line, word string) bool {
	return slices.Contains(strings.FieldsFunc(strings.ToUpper(line), func(r rune) bool { return r == ' ' || r == '=' }), word)
}

// everyPolicy calls with each dialect in each variant.
func everyPolicy(t *testing.T, with func(name string, p server.Policy)) {
	a := all(t)
	opening, _ := scenario.ByID(scenario.Default)
	each := func(d dialect.Server, variant string) {
		p, err := a.Policy(opening.Setup().Server, d.ID, variant)
		if err != nil {
			t.Fatal(err)
		}
		with(d.ID+"/"+variant, p)
	}
	for _, d := range a.Servers {
		each(d, "")
		for variant := range d.Variants {
			each(d, variant)
		}
	}
}

// What is ticked in a set-up is what every line made of it says: a mechanism
// that a dialect no longer offers is in no line of its EHLO reply, whatever the
// keyword, and one that it offers anew is in one. So it is with STARTTLS.
func TestChoicesShow(t *testing.T) {
	tried := 0
	everyPolicy(t, func(name string, p server.Policy) {
		for _, tls := range []bool{false, true} {
			list := &p.BeforeTLS
			if tls {
				list = &p.AfterTLS
			} else if p.Quirks.Has(quirk.ListedEarly) { // it lists what there is inside TLS
				continue
			}
			offered := *list
			for _, m := range offered {
				tried++
				*list = slices.DeleteFunc(slices.Clone(offered), func(n string) bool { return n == m })
				for _, line := range ehlo(t, p, tls) {
					if names(line, m) {
						t.Errorf("%s, in TLS %v, does without %s and lists %q", name, tls, m, line)
					}
				}
			}
			*list = append(slices.Clone(offered), "X-NEW")
			if lines := ehlo(t, p, tls); !slices.ContainsFunc(lines, func(l string) bool { return names(l, "X-NEW") }) {
				t.Errorf("%s, in TLS %v, offers X-NEW and lists it nowhere: %q", name, tls, lines)
			}
			*list = offered
		}
		for _, offered := range []bool{true, false} {
			if p.Extensions = nil; offered {
				p.Extensions = []string{"STARTTLS"}
			}
			if listed := slices.Contains(ehlo(t, p, false), "STARTTLS"); listed != offered {
				t.Errorf("%s offers STARTTLS: %v, and lists it: %v", name, offered, listed)
			}
		}
	})
	if tried < 100 {
		t.Errorf("%d mechanisms", tried)
	}
}

// The words that were reported or recorded (RFC 4954 §6 and RFC 5248 have other
// codes for some of it).
func TestReportedWords(t *testing.T) {
	a := all(t)
	opening, _ := scenario.ByID(scenario.Default)
	for _, c := range []struct{ id, text, want string }{
		{"office365", "EHLO a\nAUTH PLAIN", "504 5.7.4 Unrecognized authentication type"},
		{"exchange-legacy", "EHLO a\nAUTH PLAIN", "504 5.7.4 Unrecognized authentication type"},
		{"go-smtp/go-smtp-tls", "EHLO a\nAUTH PLAIN AHRpbQB4", "523 5.7.10 TLS is required"},
		{"go-smtp/go-smtp-tls", "EHLO a\nAUTH LOGIN", "523 5.7.10 TLS is required"},
		{"maddy", "EHLO a\nAUTH PLAIN AHRpbQB4", "523 5.7.10 TLS is required"},
		{"qq", "EHLO a\nAUTH PLAIN AHRpbQB4", "535 Login fail. Account is abnormal, service is not open, password is incorrect, login frequency limited, or system is busy."},
		{"coremail", "EHLO a\nAUTH PLAIN AHRpbQB4", "535 Error: authentication failed"},
		{"yahoo", "EHLO a\nAUTH PLAIN AHRpbQB4", "535 5.7.0 (#AUTH005) Too many bad auth attempts."},
		{"gmail", "EHLO a", "250-here at your service"},
		{"postfix-dovecot", "EHLO a\nAUTH CRAM-MD5\ndGltIDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw", "535 5.7.8 Error: authentication failed: (reason unavailable)"},
	} {
		id, variant, _ := strings.Cut(c.id, "/")
		p, err := a.Policy(opening.Setup().Server, id, variant)
		if err != nil {
			t.Fatal(err)
		}
		if strings.HasPrefix(c.want, "535") { // refused for the password, in clear text too
			p.BeforeTLS = p.AfterTLS
		}
		p.Host, p.Accounts[0].Stored = "here", sasl.Hashed // which is no reason for 432
		got := ""
		for _, line := range types(t, p, c.text).lines {
			if strings.HasPrefix(line, "said") {
				got = line
			}
		}
		if !strings.HasPrefix(got, `said "`+c.want) {
			t.Errorf("%s, %q: %s, want %s", c.id, c.text, got, c.want)
		}
	}
}
