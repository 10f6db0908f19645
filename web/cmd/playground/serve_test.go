//go:build !js

package main

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"example.org/smtpauth/protocol/scenario"
	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/web/api"
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
		{"GET", "/" + s.named("app.wasm"), 200, s.named("app.wasm"), "application/wasm", "public, max-age=31536000, immutable"},
		{"GET", "/" + s.named("web/i18n/zh.json"), 200, s.named("web/i18n/zh.json"), "application/json", "public, max-age=31536000, immutable"},
		{"GET", "/sw.js", 200, "sw.js", "text/javascript; charset=utf-8", "no-cache"},
		{"GET", "/robots.txt", 200, "robots.txt", "text/plain; charset=utf-8", "no-cache"},
		{"GET", "/app.wasm", 404, "404.html", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/manifest.webmanifest", 200, "manifest.webmanifest", "application/manifest+json", "no-cache"},
		{"GET", "/nowhere.0123456789ab.js", 404, "404.html", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/nowhere/", 404, "404.html", "text/html; charset=utf-8", "no-cache"},
		{"GET", "/../main.go", 404, "404.html", "text/html; charset=utf-8", "no-cache"},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(test.method, test.target, nil))
		got := w.Result()
		if got.StatusCode != test.status || got.Header.Get("Content-Type") != test.kind || got.Header.Get("Cache-Control") != test.keep {
			t.Errorf("%s %s: %d %v", test.method, test.target, got.StatusCode, got.Header)
		}
		want := ""
		if test.status == 200 && hashed(test.target) {
			want = api.Readable.Value
		}
		if allowed := got.Header.Get("Access-Control-Allow-Origin"); allowed != want {
			t.Errorf("%s %s: may be read by %q, want %q", test.method, test.target, allowed, want)
		}
		for _, h := range api.Headers("en/") {
			if got.Header.Get(h.Name) != h.Value {
				t.Errorf("%s %s: %s is %q", test.method, test.target, h.Name, got.Header.Get(h.Name))
			}
		}
		if body, _ := io.ReadAll(got.Body); !bytes.Equal(body, s[test.file]) {
			t.Errorf("%s %s: not %s", test.method, test.target, test.file)
		}
	}
}

func TestServeRefuses(t *testing.T) {
	h := withLinks(build(t, ""))
	for _, test := range []struct {
		method, target string
		status         int
		location       string
	}{
		{"POST", "/en/", 405, ""},
		{"GET", "/en", 301, "/en/"},
		{"GET", "/en?lang=x", 301, "/en/"},
		{"GET", "//evil.example/..", 404, ""},
		{"GET", "/api", 404, ""},
		{"GET", "/en//", 404, ""},
		{"DELETE", "/nowhere", 405, ""},
		{"GET", "/s/", 404, ""},
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(test.method, test.target, nil))
		if w.Code != test.status || w.Header().Get("Location") != test.location {
			t.Errorf("%s %s: %d to %q", test.method, test.target, w.Code, w.Header().Get("Location"))
		}
		for _, h := range api.Headers("en/") {
			if w.Header().Get(h.Name) != h.Value {
				t.Errorf("%s %s: %s is %q", test.method, test.target, h.Name, w.Header().Get(h.Name))
			}
		}
	}
}

// Who sends a request slowly, or a part of it, or nothing more, is cut off.
func TestServeIsPatientForAWhile(t *testing.T) {
	s := newServer(http.NotFoundHandler())
	for name, limit := range map[string]time.Duration{"header": s.ReadHeaderTimeout, "body": s.ReadTimeout, "answer": s.WriteTimeout, "idle": s.IdleTimeout} {
		if limit <= 0 || limit > 5*time.Minute {
			t.Errorf("%s: %v", name, limit)
		}
	}
	s.ReadTimeout = 50 * time.Millisecond
	read := make(chan error, 1)
	s.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		read <- err
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(l)
	defer s.Close()
	conn, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	io.WriteString(conn, "POST /api/links HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
	if err := <-read; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("a body that does not come: %v", err)
	}
}

func TestServeCompressed(t *testing.T) {
	s := build(t, "")
	h := newHandler(s)
	for accept, want := range map[string]string{
		"": "", "gzip": "gzip", "br": "br", "gzip, deflate, br, zstd": "br", "gzip, br;q=0": "gzip", "BR; q=0.5": "br", "br;q=x": "",
	} {
		r := httptest.NewRequest("GET", "/"+s.named("app.wasm"), nil)
		r.Header.Set("Accept-Encoding", accept)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		got, data := w.Result().Header.Get("Content-Encoding"), w.Body.Bytes()
		if got != want {
			t.Errorf("Accept-Encoding %q: answered %q, want %q", accept, got, want)
		}
		var err error
		if got != "" {
			data, err = unpack(map[string]string{"br": ".br", "gzip": ".gz"}[got], data)
		}
		if err != nil || !bytes.Equal(data, program) {
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

// The written site has the same pages, twins that decode to them, and nothing
// of an earlier build; a second time it has the same octets, and twins may come
// from elsewhere; the budget is kept or not by the twin.
func TestWriteSite(t *testing.T) {
	dir := t.TempDir()
	wasm, out, again := builtOf(program).write(t, dir), filepath.Join(dir, "site"), filepath.Join(dir, "again")
	for name, data := range map[string][]byte{
		filepath.Join(out, "app.0123456789ab.wasm"): nil, filepath.Join(out, "app.0123456789ab.wasm.br"): nil, filepath.Join(out, "mine.txt"): nil,
	} {
		os.MkdirAll(filepath.Dir(name), 0o755)
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := run([]string{"site", "-out", out, "-base", "/prefix/", "-origin", "https://host", "-wasm", wasm}); err != nil {
		t.Fatal(err)
	}
	want := buildAt(t, place{base: "/prefix", origin: "https://host"}, program)
	for name, data := range want {
		if got, err := os.ReadFile(filepath.Join(out, name)); err != nil || !bytes.Equal(got, data) {
			t.Errorf("%s: differs from what is served, %v", name, err)
		}
		for suffix := range packers {
			packed, err := os.ReadFile(filepath.Join(out, name+suffix))
			if !compressible(name) {
				if err == nil {
					t.Errorf("%s has a twin", name)
				}
			} else if got, err := unpack(suffix, packed); err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s%s: %v", name, suffix, err)
			}
		}
	}
	for name, there := range map[string]bool{"app.0123456789ab.wasm": false, "app.0123456789ab.wasm.br": false, "mine.txt": true} {
		if _, err := os.Stat(filepath.Join(out, name)); (err == nil) != there {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := run([]string{"site", "-out", again, "-base", "/prefix/", "-origin", "https://host", "-twins", out, "-wasm", wasm}); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(out, "mine.txt"))
	if a, b := files(t, out), files(t, again); len(a) == 0 || !maps.Equal(a, b) {
		t.Errorf("%d files, then %d, and not the same", len(a), len(b))
	}
	if err := checkSize(out, 1000); err != nil {
		t.Error(err)
	}
	if err := checkSize(out, 5); err == nil {
		t.Error("a program above its budget passes")
	}
	if err := os.WriteFile(filepath.Join(out, want.named("app.wasm")), []byte("\x00asm of another build"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := checkSize(out, 1000); err == nil {
		t.Error("a twin of another program passes")
	}
	if data := twin(out, want.named("app.wasm")+".br", []byte("another")); data != nil {
		t.Error("a twin of another file is taken")
	}
}

// files returns what is in a folder, path to content.
func files(t *testing.T, dir string) map[string]string {
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			data, err := os.ReadFile(filepath.Join(dir, name))
			all[name] = string(data)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The Worker's host compresses by itself; the .gz is for the page to ask for.
func TestWriteWorkersSite(t *testing.T) {
	dir := t.TempDir()
	wasm, out := builtOf(program).write(t, dir), filepath.Join(dir, "site")
	if err := run([]string{"site", "-api", "-out", out, "-wasm", wasm}); err != nil {
		t.Fatal(err)
	}
	all := files(t, out)
	if !strings.Contains(all["en/index.html"], " data-api>") || all["en/index.html.gz"] == "" {
		t.Error("the page does not know of the Worker, or has no twin")
	}
	for name := range all {
		if filepath.Ext(name) == ".br" {
			t.Errorf("there is %s", name)
		}
	}
}

func TestPack(t *testing.T) {
	dir := t.TempDir()
	for name, data := range map[string]string{"a.wasm": "text", "a.wasm.br": "old", "b.png": "picture"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := run([]string{"pack", "-site", dir}); err != nil {
		t.Fatal(err)
	}
	all := files(t, dir)
	for suffix := range packers {
		if got, err := unpack(suffix, []byte(all["a.wasm"+suffix])); err != nil || string(got) != "text" {
			t.Errorf("%s: %q, %v", suffix, got, err)
		}
	}
	if len(all) != 4 {
		t.Errorf("%d files, want 4", len(all))
	}
}

func TestProgramIsChecked(t *testing.T) {
	dir, good := t.TempDir(), builtOf(program)
	for what, b := range map[string]built{"program": {[]byte("<!doctype html>"), good.debug, good.wasmExec}, "twin": {good.program, nil, good.wasmExec}} {
		if _, err := readProgram(b.write(t, dir)); err == nil {
			t.Errorf("something else is taken for the %s", what)
		}
	}
	if got, err := readProgram(good.write(t, dir)); err != nil || !reflect.DeepEqual(got, good) {
		t.Errorf("%q, %v", got, err)
	}
	if err := run([]string{"slim", "-debug", filepath.Join(dir, "debug.wasm"), "-wasm", filepath.Join(dir, "app.wasm")}); err == nil {
		t.Error("what Go has not linked is made smaller")
	}
}

// On this machine short links work as on the Worker, beside the site.
func TestServeLinks(t *testing.T) {
	s := build(t, "")
	h := withLinks(s)
	def, _ := scenario.ByID(scenario.Default)
	data, err := session.Write(def.Setup(), def.Inputs)
	if err != nil {
		t.Fatal(err)
	}
	ask := func(method, path string, body []byte) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w
	}
	made := ask("POST", "/api/links?lang=en&at=2", data)
	if made.Code != 201 {
		t.Fatalf("%d %s", made.Code, made.Body)
	}
	followed := ask("GET", made.Header().Get("Location"), nil)
	if followed.Code != 200 || !strings.Contains(followed.Body.String(), "/en/#cram-md5@2") {
		t.Errorf("%d %s", followed.Code, followed.Body)
	}
	icon := regexp.MustCompile(`<link rel="icon" href="/([^"]+)"`).FindStringSubmatch(followed.Body.String())
	if icon == nil || s[icon[1]] == nil {
		t.Errorf("a browser that asks for an icon finds none: %q", icon)
	}
	if w := ask("GET", "/s/aaaaaaaaaaaa", nil); w.Code != 404 || !bytes.Equal(w.Body.Bytes(), s["404.html"]) {
		t.Errorf("an unknown code: %d %s", w.Code, w.Body)
	}
	if w := ask("GET", "/en/", nil); w.Code != 200 || !bytes.Equal(w.Body.Bytes(), s["en/index.html"]) {
		t.Errorf("the site: %d", w.Code)
	}
}

func TestWorkerSize(t *testing.T) {
	dir := t.TempDir()
	if checkWorker(dir, 1000) == nil {
		t.Error("nothing passes")
	}
	if err := os.WriteFile(filepath.Join(dir, "app.wasm"), program, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"size", "-worker", dir, "-limit", "1000"}); err != nil {
		t.Error(err)
	}
	if checkWorker(dir, 5) == nil {
		t.Error("a Worker above its budget passes")
	}
}
