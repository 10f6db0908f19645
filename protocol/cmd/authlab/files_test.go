//go:build !js

package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// takers are what reads a file: arguments up to its name.
var takers = [][]string{
	{"run"}, {"replay"}, {"serve", "-policy"}, {"serve", "-users"}, {"serve", "-keytab"}, {"serve", "-client-ca"},
	{"serve", "-key", "testdata/rfc2195.json", "-cert"}, {"serve", "-cert", "testdata/rfc2195.json", "-key"},
	{"connect", "-addr", "127.0.0.1:1", "-user", "tim", "-ca"}, {"connect", "-addr", "127.0.0.1:1", "-user", "tim", "-key", "testdata/rfc2195.json", "-cert"},
	{"connect", "-addr", "127.0.0.1:1", "-user", "tim", "-send", "-message"},
}

// A file that has no end, or none in time, or that is none, is one line of words.
func TestFilesThatAreNone(t *testing.T) {
	dir := t.TempDir()
	pipe, large := filepath.Join(dir, "pipe"), filepath.Join(dir, "large")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(large, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(large, 100<<20); err != nil {
		t.Fatal(err)
	}
	patience := fileTime
	defer func() { fileTime = patience }()
	for file, want := range map[string]string{
		"/dev/zero": "/dev/zero has more than", dir: "is a directory", large: large + " has more than", dir + "/none": "no such file", pipe: pipe + ": its end did not come within 50ms",
	} {
		if fileTime = patience; file == pipe {
			fileTime = 50 * time.Millisecond
		}
		for _, args := range takers {
			r := do(t, "", append(args, file)...)
			if r.status != 2 || r.out != "" || strings.Count(r.err, "\n") != 1 || !strings.Contains(r.err, want) {
				t.Errorf("%q %s: %+v", args, file, r)
			}
		}
	}
}

// A pipe that somebody writes to is as good as a file.
func TestPipe(t *testing.T) {
	text, err := os.ReadFile("testdata/rfc2195.json")
	if err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	go os.WriteFile(pipe, text, 0o600)
	if got, want := do(t, "", "run", pipe), do(t, "", "run", "testdata/rfc2195.json"); got != want || got.status != 0 {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// endless says the same for ever.
type endless byte

func (e endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(e)
	}
	return len(p), nil
}

// A task that does not end is refused when it is too long.
func TestEndlessTask(t *testing.T) {
	for head, rest := range map[string]endless{`{"password":"`: 'x', "[": '[', "": ' ', "{": '\n'} {
		var out, errs bytes.Buffer
		status := authlab(t.Context(), []string{"compute"}, streams{io.MultiReader(strings.NewReader(head), rest), &out, &errs})
		if status != 2 || out.Len() > 0 || strings.Count(errs.String(), "\n") != 1 || errs.Len() > 200 {
			t.Errorf("%q: %d, %.100s, %.300s", head, status, &out, &errs)
		}
	}
}
