//go:build !js

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"example.org/smtpauth/protocol/sasl"
	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
)

// As a child of TestSIGTERM this is the program itself.
func TestMain(m *testing.M) {
	if os.Getenv("AUTHLAB_ARGS") != "" {
		os.Args = append([]string{"authlab"}, strings.Fields(os.Getenv("AUTHLAB_ARGS"))...)
		main()
	}
	os.Exit(m.Run())
}

// A ran is what a command came to.
type ran struct {
	status   int
	out, err string
}

// do runs a command to its end.
func do(t *testing.T, in string, args ...string) ran {
	t.Helper()
	var out, errs bytes.Buffer
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	status := authlab(ctx, args, streams{strings.NewReader(in), &out, &errs})
	return ran{status, out.String(), errs.String()}
}

// file writes a file for a command to read.
func file(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// setupFile writes a scenario's set-up.
func setupFile(t *testing.T, sc scenario.Scenario, change ...func(*session.Setup)) string {
	t.Helper()
	made := sc.Setup()
	for _, c := range change {
		c(&made)
	}
	text, err := session.Write(made, sc.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	return file(t, sc.ID+".json", string(text))
}

// -h tells of every flag, and those of the manual are there.
func TestHelp(t *testing.T) {
	manual := map[string]string{
		"serve":   "listen tls-listen cert key client-ca host user users token ntlm-v1 mechanisms cleartext require-auth dialect policy json print-ca show-secrets",
		"connect": "addr server-name mechanism dialect options user password authzid token cert key kdc ntlm tls ca insecure insist send show-secrets",
		"run":     "json server client meeting",
		"compute": "",
		"replay":  "dialect",
	}
	if len(commands) != len(manual) {
		t.Fatalf("%d commands", len(commands))
	}
	for _, c := range commands {
		r := do(t, "", c.name, "-h")
		if r.status != 0 || r.err != "" || !strings.HasPrefix(r.out, "Usage: authlab "+c.name+" ") {
			t.Errorf("%s -h: %+v", c.name, r)
		}
		fs := flag.NewFlagSet(c.name, flag.ContinueOnError)
		c.flags(fs)
		fs.VisitAll(func(f *flag.Flag) {
			if f.Usage == "" || !strings.Contains(r.out, "\n  -"+f.Name) || !strings.Contains(r.out, strings.ReplaceAll(f.Usage, "`", "")) {
				t.Errorf("%s -h does not tell of -%s", c.name, f.Name)
			}
		})
		for _, name := range strings.Fields(manual[c.name]) {
			if fs.Lookup(name) == nil {
				t.Errorf("%s has no -%s", c.name, name)
			}
		}
		if !strings.Contains(do(t, "", "-h").out, "\n  "+c.name+" ") {
			t.Errorf("authlab -h does not tell of %s", c.name)
		}
	}
}

// Bad input is one line on standard error, exit status 2 and nothing else.
func TestBadInput(t *testing.T) {
	letters := file(t, "letters", "no certificate\n")
	users := file(t, "users", "# ours\ntim:x\nursel\n")
	setup, _ := scenario.ByID(scenario.Default)
	good := setupFile(t, setup)
	connect := []string{"connect", "-addr", "127.0.0.1:1", "-user", "tim", "-password", "x"}
	for _, args := range [][]string{
		{}, {"listen"}, {"serve", "-port", "25"}, {"serve", "25"}, {"serve", "-listen", "2525"},
		{"serve", "-user", "tim"}, {"serve", "-user", ":x"}, {"serve", "-user", "tim:"}, {"serve", "-user", "tim:x", "-user", "tim:y"},
		{"serve", "-users", users}, {"serve", "-users", letters + "x"}, {"serve", "-mechanisms", "PLAIN,FOOBAR"}, {"serve", "-mechanisms", ","},
		{"serve", "-host", "a b"}, {"serve", "-cert", letters}, {"serve", "-key", letters}, {"serve", "-cert", letters, "-key", letters},
		{"serve", "-print-ca", "-cert", letters, "-key", letters}, {"serve", "-policy", letters}, {"serve", "-policy", letters + "x"},
		{"serve", "-max-connections", "0"}, {"serve", "-command-time", "5"}, {"serve", "-json=perhaps"}, {"serve", "-token", "x"},
		{"connect"}, append(connect, "x"), append(connect, "-addr", "127.0.0.1"), append(connect, "-addr", ":25"), append(connect, "-user", ""),
		append(connect, "-tls", "yes"), append(connect, "-mechanism", "FOOBAR"), append(connect, "-insist", "-mechanism", "FOO BAR"),
		append(connect, "-ca", letters), append(connect, "-ca", letters+"x"), append(connect, "-ca", letters, "-insecure"),
		append(connect, "-from", "tim@example.org"), append(connect, "-send", "-to", "nobody"), append(connect, "-send", "-message", letters+"x"),
		append(connect, "-command-time", "-1s"), append(connect, "-token", "a b"), append(connect, "-ntlm", "v3"), append(connect, "-cert", letters), append(connect, "-cert", letters, "-key", letters),
		{"serve", "-token", "tim=a b"}, {"serve", "-token", "=x"}, {"serve", "-client-ca", letters}, {"connect", "-addr", "127.0.0.1:1"},
		{"run"}, {"run", good, good}, {"run", letters}, {"run", letters + "x"}, {"run", "-x", good}, {"compute", "x"},
	} {
		r := do(t, "", args...)
		if r.status != 2 || r.out != "" || strings.Count(r.err, "\n") != 1 || !strings.HasPrefix(r.err, "authlab") || !strings.HasSuffix(r.err, "\n") {
			t.Errorf("%q: %+v", args, r)
		}
	}
}

// The lines are those of the session in memory, whatever the scenario.
func TestRun(t *testing.T) {
	for _, sc := range scenario.All {
		if slices.ContainsFunc(sc.Setup().Client.Mechanisms, sasl.IsPlus) {
			continue // its proof differs with each TLS connection
		}
		s, err := sc.Start()
		if err != nil {
			t.Fatal(err)
		}
		s.Run()
		s.Close()
		var lines []string
		for _, f := range s.Frames() {
			who := map[session.Side]string{session.Client: "C: ", session.Server: "S: "}[f.Side]
			for line := range strings.Lines(string(f.Octets)) {
				lines = append(lines, who+strings.TrimSuffix(line, "\r\n")+"\n")
			}
		}
		r := do(t, "", "run", setupFile(t, sc))
		if want := strings.Join(lines, ""); len(lines) == 0 || r != (ran{0, want, ""}) {
			t.Errorf("%s: %+v, want\n%s", sc.ID, r, want)
		}
	}
}

// -json gives the page's frames, one a line, before the file or behind it.
func TestRunFrames(t *testing.T) {
	sc, _ := scenario.ByID(scenario.Default)
	s, err := sc.Start()
	if err != nil {
		t.Fatal(err)
	}
	s.Run()
	s.Close()
	name := setupFile(t, sc)
	for _, args := range [][]string{{"run", "-json", name}, {"run", name, "-json"}} {
		lines := slices.Collect(strings.Lines(do(t, "", args...).out))
		if len(lines) != len(s.Frames()) {
			t.Fatalf("%q: %d frames, want %d", args, len(lines), len(s.Frames()))
		}
		for i, line := range lines {
			var f session.Frame
			if err := json.Unmarshal([]byte(line), &f); err != nil || f.Index != i || f.Kind != s.Frames()[i].Kind || !bytes.Equal(f.Octets, s.Frames()[i].Octets) {
				t.Errorf("%q: line %d: %v, %s", args, i, err, line)
			}
		}
	}
}

// A shared buffer is written by a server and read by a test.
type shared struct {
	mu sync.Mutex
	bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Buffer.Write(p)
}

func (s *shared) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.String()
}
