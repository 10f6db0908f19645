package replay

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"slices"
	"strings"
	"testing"

	"example.org/smtpauth/protocol/dialect"
	"example.org/smtpauth/protocol/dialect/data"
	"example.org/smtpauth/protocol/transcript"
)

//go:embed testdata/recordings.txt.gz
var packed []byte

// texts are all sessions of the file, by name.
func texts(t testing.TB) (names []string, sessions map[string]string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	sessions = map[string]string{}
	for session := range strings.SplitSeq(strings.TrimPrefix(string(text), "== "), "\n== ") {
		name, lines, _ := strings.Cut(session, "\n")
		names, sessions[name] = append(names, name), lines
	}
	return names, sessions
}

// recordings are they, parsed.
func recordings(t testing.TB) (names []string, sessions map[string]*Recording) {
	t.Helper()
	names, lines := texts(t)
	sessions = map[string]*Recording{}
	for _, name := range names {
		r, err := Parse([]byte(lines[name]))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		sessions[name] = r
	}
	return names, sessions
}

func dialects(t testing.TB) *dialect.All {
	t.Helper()
	all, err := data.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func atLeast(t *testing.T, what string, percent, part, whole int) {
	t.Helper()
	t.Logf("%s: %d of %d", what, part, whole)
	if whole == 0 || 100*part < percent*whole {
		t.Errorf("%s: %d of %d are less than %d %%", what, part, whole, percent)
	}
}

// Of the probes of servers 97 % of the replies have the same codes, and 95 % the
// same text; the same holds where real clients spoke to them. Of the sessions of
// clients 90 % have the same lines and the same end.
func TestRecordings(t *testing.T) {
	all := dialects(t)
	names, sessions := recordings(t)
	var probes, pairs Result
	clients, same := 0, 0
	for _, name := range names {
		r := sessions[name]
		if _, real := all.Server(r.Header["server-dialect"]); real {
			result, err := runServer(r, all, "")
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if strings.Contains(name, "--probe--") {
				probes.Add(result)
			} else {
				pairs.Add(result)
			}
		}
		id := r.Header["client-dialect"]
		if _, real := all.Client(id); real && id != "by-hand" {
			result, err := runClient(r, all, id)
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if clients++; result.Passed() {
				same++
			}
		}
	}
	if len(names) != 637 || clients != 267 {
		t.Errorf("%d sessions, %d of clients", len(names), clients)
	}
	atLeast(t, "codes of probes", 97, probes.Codes, probes.Compared)
	atLeast(t, "texts of probes", 95, probes.Texts, probes.Compared)
	atLeast(t, "codes where a client spoke", 97, pairs.Codes, pairs.Compared)
	atLeast(t, "texts where a client spoke", 95, pairs.Texts, pairs.Compared)
	atLeast(t, "sessions of clients", 90, same, clients)
}

const session = `# server-dialect: exim
# client-dialect: curl
S: 220 mail.example.org ESMTP Exim 4.96
C: EHLO client.example.org
S: 250-mail.example.org Hello client.example.org [127.0.0.1]
S: 250-SIZE 52428800
S: 250-8BITMIME
S: 250-PIPELINING
S: 250-PIPECONNECT
S: 250-AUTH PLAIN LOGIN CRAM-MD5
S: 250-CHUNKING
S: 250-STARTTLS
S: 250-SMTPUTF8
S: 250 HELP
C: AUTH CRAM-MD5
S: 334 PDE2NTc3LjE3OTUyODc4NDBAbWFpbC5leGFtcGxlLm9yZz4=
C: dGltIGNjOWM1ZTZlNDE2MjFlOGNmZjFmOTM2MTMxYjg4NWU2
S: 535 Incorrect authentication data
-- connection closed by client
`

// A replay finds what differs, on the side that differs, and nothing else.
func TestDifferences(t *testing.T) {
	all := dialects(t)
	for _, test := range []struct {
		name, from, to string
		id             string
		code           bool
		recorded       string // "" for no difference
	}{
		{"as it is", "", "", "exim", false, ""},
		{"another code", "S: 535 Incorrect", "S: 454 Incorrect", "exim", true, "454 Incorrect authentication data"},
		{"another text", "S: 535 Incorrect", "S: 535 Wrong", "exim", false, "535 Wrong authentication data"},
		{"another address", "[127.0.0.1]", "[127.0.0.2]", "exim", false, ""},
		{"another challenge", "S: 334 PDE2", "S: 334 PDE3", "exim", false, ""},
		{"another line of the client", "C: AUTH CRAM-MD5", "C: AUTH PLAIN", "curl", true, "AUTH PLAIN"},
		{"one line too many", "-- connection closed by client", "C: QUIT", "curl", true, "QUIT"},
	} {
		r, err := Parse([]byte(strings.Replace(session, test.from, test.to, 1)))
		if err != nil {
			t.Fatal(err)
		}
		result, err := Run(r, all, test.id)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if test.recorded == "" && (!result.Passed() || result.Compared == 0) {
			t.Errorf("%s: %+v", test.name, result)
		}
		if test.recorded != "" && (len(result.Differences) == 0 || result.Differences[0].Recorded != test.recorded || result.Differences[0].Code != test.code) {
			t.Errorf("%s: %+v", test.name, result)
		}
	}
	r, _ := Parse([]byte(session))
	if _, err := Run(r, all, "no-such-dialect"); err == nil {
		t.Error("a dialect that there is not is replayed")
	}
}

// The format is read as it stands, and nothing else is.
func TestParse(t *testing.T) {
	text := "# key: a\n# key: b\nC: a\\x00\\\\\\t  [bare LF]\nC: AAAAQUFB{... 20 characters in all ...}QUFB\nS: 250 ok\nC: \n-- no reply\n"
	r, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if r.Header["key"] != "a" || string(r.Lines[0].Octets) != "a\x00\\\t" || r.Lines[0].End != "\n" ||
		string(r.Lines[1].Octets) != "AAAAQUFBQUFBQUFBQUFB" || len(r.Lines) != 5 || r.Lines[4].Side != transcript.None {
		t.Errorf("%+v", r.Lines)
	}
	if p := r.Lines[2].Place; p.Line != 5 || !strings.HasPrefix(text[p.Offset:], "250 ok\n") {
		t.Errorf("%+v", p)
	}
	for _, bad := range []string{strings.Repeat("C: AAAA{... 600000 characters in all ...}\n", 2), "", "x", "C: \\", "C: \\x0", "C: \\xzz", "C: a{... 99999999 characters in all ...}b"} {
		if _, err := Parse([]byte(bad)); err == nil {
			t.Errorf("%q is read", bad)
		}
	}
}

// Whatever is read can be replayed, in a run to one of six, and what is compared
// adds up. The seeds are replayed to each.
func FuzzReplay(f *testing.F) {
	replays := []func(*Recording, *dialect.All, string) (Result, error){runServer, runClient}
	ids := [][]string{{"postfix-dovecot", "haraka", "mox-v0.0.15"}, {"curl", "symfony-mailer", "go-mail-0.4.4"}}
	seeds := []string{session, "S: 220\nC: AUTH PLAIN =\n-- TLS handshake done\nC: .\n"}
	names, sessions := texts(f)
	for _, mechanism := range []string{"SCRAM-", "DIGEST-MD5", "NTLM", "LOGIN"} {
		i := slices.IndexFunc(names, func(n string) bool { return strings.Contains(sessions[n], "\nC: AUTH "+mechanism) })
		seeds = append(seeds, sessions[names[i]])
	}
	for _, text := range seeds {
		for to := range byte(6) {
			f.Add([]byte(text), to)
		}
	}
	all := dialects(f)
	f.Fuzz(func(t *testing.T, text []byte, to byte) {
		r, err := Parse(text)
		if err != nil || len(text) > 4000 {
			return
		}
		side := to % 2
		result, err := replays[side](r, all, ids[side][to/2%3])
		if err != nil { // an account that cannot be stored
			return
		}
		if result.Texts > result.Codes || result.Codes > result.Compared || len(result.Differences) != result.Compared-result.Texts {
			t.Fatalf("%+v", result)
		}
	})
}
