//go:build !js

package main

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/andybalholm/brotli"
)

func TestServe(t *testing.T) {
	s := build(t, "")
	h := newHandler(s)
	for _, test := range []struct {
		method, target   string
		status           int
		file, kind, keep string // the file answered, its type, how long it may be kept
	}{
		{"GET", "/", 200, "index.html", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/en/", 200, "en/index.html", "text/html; charset=utf-8", "no-cache"},
		{"HEAD", "/ru/", 200, "", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/app.wasm", 200, "app.wasm", "application/wasm", "no-cache"},
		{"GET", "/app.wasm?v=1", 200, "app.wasm", "application/wasm", "public, max-age=31536000, immutable"},
		{"GET", "/web/i18n/zh.json", 200, "web/i18n/zh.json", "application/json", "no-cache"},
		{"GET", "/manifest.webmanifest", 200, "manifest.webmanifest", "application/manifest+json", "no-cache"},
		{"GET", "/nowhere?v=1", 404, "404.html", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/nowhere/", 404, "404.html", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/../main.go", 404, "404.html", "text/html; charset=utf-8", "no-cache"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(test.method, test.target, nil))
		got := w.Result()
		if got.StatusCode != test.status || got.Header.Get("Content-Type") != test.kind || got.Header.Get("Cache-Control") != test.keep {
			t.Errorf("%s %s: %d %v", test.method, test.target, got.StatusCode, got.Header)
		}
		if got.Header.Get("Content-Security-Policy") != policy {
			t.Errorf("%s %s: policy %q", test.method, test.target, got.Header.Get("Content-Security-Policy"))
		}
		if body, _ := io.ReadAll(got.Body); !bytes.Equal(body, s[test.file]) {
			t.Errorf("%s %s: not %s", test.method, test.target, test.file)
		}
	}
}

func TestServeRefuses(t *testing.T) {
	h := newHandler(build(t, ""))
	for _, test := range []struct {
		method, target string
		status         int
		location       string
	}{
		{"POST", "/en/", 405, ""},
		{"GET", "/en", 301, "/en/"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(test.method, test.target, nil))
		if w.Code != test.status || w.Header().Get("Location") != test.location {
			t.Errorf("%s %s: %d to %q", test.method, test.target, w.Code, w.Header().Get("Location"))
		}
	}
}

func TestServeBrotli(t *testing.T) {
	h := newHandler(build(t, ""))
	for accept, want := range map[string]string{
		"": "", "gzip": "", "br": "br", "gzip, deflate, br, zstd": "br", "gzip, br;q=0": "", "BR; q=0.5": "br", "br;q=x": "",
	} {
		r := httptest.NewRequest("GET", "/app.wasm", nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got, body := w.Result().Header.Get("Content-Encoding"), io.Reader(w.Body)
		if got != want {
			t.Errorf("Accept-Encoding %q: answered %q, want %q", accept, got, want)
		}
		if got == "br" {
			body = brotli.NewReader(body)
		}
		if data, err := io.ReadAll(body); err != nil || !bytes.Equal(data, program) {
			t.Errorf("Accept-Encoding %q: %q, %v", accept, data, err)
		}
		if w.Result().Header.Get("Vary") != "Accept-Encoding" {
			t.Error("Vary is missing")
		}
	}
}

func TestTakenPort(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	err = run([]string{"serve", "-addr", l.Addr().String(), "-wasm", "none"})
	if err == nil || !strings.HasPrefix(err.Error(), l.Addr().String()+" is taken") {
		t.Errorf("serve at a taken address: %v", err)
	}
	if errors.Is(err, syscall.EADDRINUSE) {
		t.Error("the system's words are in the message")
	}
}

// The written site has the same pages, and twins that decode to them; the
// budget is kept or not by the twin.
func TestWriteSite(t *testing.T) {
	dir := t.TempDir()
	wasm, out := filepath.Join(dir, "app.wasm"), filepath.Join(dir, "site")
	for name, data := range map[string][]byte{wasm: program, filepath.Join(dir, "wasm_exec.js"): []byte("// runs it")} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := run([]string{"site", "-out", out, "-base", "/prefix/", "-wasm", wasm}); err != nil {
		t.Fatal(err)
	}
	for name, want := range build(t, "/prefix") {
		if got, err := os.ReadFile(filepath.Join(out, name)); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: differs from what is served, %v", name, err)
		}
	}
	if err := checkSize(out, 1000); err != nil {
		t.Error(err)
	}
	if err := checkSize(out, 5); err == nil {
		t.Error("a program above its budget passes")
	}
	if err := os.WriteFile(filepath.Join(out, "app.wasm"), []byte("\x00asm of another build"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := checkSize(out, 1000); err == nil {
		t.Error("a twin of another program passes")
	}
}

func TestProgramIsChecked(t *testing.T) {
	file := filepath.Join(t.TempDir(), "app.wasm")
	if err := os.WriteFile(file, []byte("<!doctype html>"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readProgram(file); err == nil {
		t.Error("a page is taken for the program")
	}
}
