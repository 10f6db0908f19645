//go:build !js

package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"example.org/smtpauth/protocol/session"
)

// A served is a running serve command.
type served struct {
	addrs     []string
	out, errs *shared
	stop      func() int // ends it and returns its status
}

// start runs serve until its listeners are ready.
func start(t *testing.T, listeners int, args ...string) *served {
	t.Helper()
	s := &served{out: &shared{}, errs: &shared{}}
	ctx, cancel := context.WithCancel(context.Background())
	status := make(chan int, 1)
	go func() {
		status <- authlab(ctx, append([]string{"serve", "-drain-time", "1s"}, args...), streams{strings.NewReader(""), s.out, s.errs})
	}()
	stopped := -1
	s.stop = func() int {
		if stopped < 0 {
			cancel()
			stopped = <-status
		}
		return stopped
	}
	t.Cleanup(func() { s.stop() })
	for range 500 {
		s.addrs = nil
		for line := range strings.Lines(s.out.text()) {
			if addr, found := strings.CutPrefix(line, "listening on "); found {
				s.addrs = append(s.addrs, strings.TrimSpace(addr))
			}
		}
		if len(s.addrs) == listeners {
			return s
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatalf("serve is not ready: %q, %q", s.out.text(), s.errs.text())
	return nil
}

// frames are those that serve has printed.
func (s *served) frames(t *testing.T) (frames []session.Frame) {
	t.Helper()
	for line := range strings.Lines(s.out.text()) {
		if strings.HasPrefix(line, "{") {
			var f session.Frame
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				t.Fatalf("%q: %v", line, err)
			}
			frames = append(frames, f)
		}
	}
	return frames
}

// root is a file with the PEM that serve has printed.
func (s *served) root(t *testing.T) string {
	t.Helper()
	text, _, found := strings.Cut(s.out.text(), "listening on")
	if !found || !strings.HasPrefix(text, "-----BEGIN CERTIFICATE-----\n") {
		t.Fatalf("the root is not printed: %q", text)
	}
	return file(t, "ca.pem", text)
}

// spelled are the forms in which a secret of tim's may appear.
func spelled() (forms []string) {
	password := "tanstaaftanstaaf"
	for _, p := range []string{password, "tanstaaf"} {
		forms = append(forms, p, base64.StdEncoding.EncodeToString([]byte(p)), base64.StdEncoding.EncodeToString([]byte("\x00tim\x00"+p)))
	}
	return forms
}

// secrets looks for the password (AUTH-50).
func secrets(t *testing.T, text string) {
	t.Helper()
	for _, secret := range spelled() {
		if i := strings.Index(text, secret); i >= 0 {
			t.Fatalf("%q stands in …%s…", secret, text[max(0, i-200):min(len(text), i+60)])
		}
	}
}

// checkSecrets looks for it in the octets of a frame, whatever holds them.
func checkSecrets(t *testing.T, f session.Frame) {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, inner := range v {
				walk(inner)
			}
		case []any:
			for _, inner := range v {
				walk(inner)
			}
		case string:
			secrets(t, v)
			if octets, err := base64.StdEncoding.DecodeString(v); err == nil {
				secrets(t, string(octets))
				if words := strings.Fields(string(octets)); len(words) == 2 && words[0] == "tim" && len(words[1]) == 32 {
					t.Errorf("a response stands in %q", octets)
				}
			}
		}
	}
	var fields any
	json.Unmarshal(text, &fields)
	walk(fields)
}
