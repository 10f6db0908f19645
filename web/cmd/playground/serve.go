//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path"
	"strconv"
	"strings"
	"syscall"
	"time"

	"example.org/smtpauth/web/api"
)

// serve builds the site and serves it at addr until it is interrupted.
func serve(addr, wasm string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	b, err := readProgram(wasm)
	if err != nil {
		return err
	}
	s, err := buildSite(place{api: true}, b)
	if err != nil {
		return err
	}
	server := newServer(withLinks(s))
	interrupted, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	go func() {
		<-interrupted.Done()
		server.Close()
	}()
	fmt.Printf("The playground is ready: http://%s/\n", listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// newServer cuts off who keeps a connection and does not use it.
func newServer(h http.Handler) *http.Server {
	return &http.Server{Handler: h, MaxHeaderBytes: 1 << 14, ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout: 30 * time.Second, WriteTimeout: 5 * time.Minute, IdleTimeout: 2 * time.Minute}
}

// withLinks serves a site and, kept in memory, links to it.
func withLinks(s site) http.Handler {
	links := &api.API{
		Store:   &api.Memory{Now: time.Now},
		Allow:   func(string) bool { return true },
		Origin:  func(*http.Request) string { return "" }, // the page knows better where it is
		Missing: func() []byte { return s["404.html"] },
		Now:     time.Now,
		Log:     func(line string) { fmt.Fprintln(os.Stderr, line) },
	}
	files := newHandler(s)
	// No http.ServeMux: its redirects would go out without the headers.
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") || strings.HasPrefix(r.URL.Path, "/s/") {
			links.ServeHTTP(w, r)
			return
		}
		files.ServeHTTP(w, r)
	})
}

// Qualities that take a fraction of a second for the program.
const (
	quickBrotli = 5
	quickGzip   = 4
)

// How long an answer may be kept: a file that never changes, and all the rest.
const (
	keepForEver = "public, max-age=31536000, immutable"
	keepNot     = "no-cache"
)

type handler struct {
	site
	packed map[string]map[string][]byte // by content coding: "br"
}

// codings are those that are offered, the smallest first. Browsers take brotli
// from this machine and under TLS only.
var codings = []string{"br", "gzip"}

func newHandler(s site) http.Handler {
	h := handler{s, map[string]map[string][]byte{}}
	for name, data := range s {
		if compressible(name) && !seldom(name) {
			h.packed[name] = map[string][]byte{"br": brotlied(data, quickBrotli), "gzip": gzipped(data, quickGzip)}
		}
	}
	return h
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, status := strings.TrimPrefix(r.URL.Path, "/"), http.StatusOK
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	body, ok := h.site[name]
	if !ok {
		name, status = "404.html", http.StatusNotFound
		body = h.site[name]
	}
	header := w.Header()
	for _, h := range api.Headers(name) {
		header.Set(h.Name, h.Value)
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		header.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	folder := strings.TrimPrefix(r.URL.Path, "/") + "/"
	if _, ok := h.site[folder+"index.html"]; ok {
		http.Redirect(w, r, "/"+folder, http.StatusMovedPermanently)
		return
	}
	header.Set("Content-Type", contentTypes[path.Ext(name)])
	header.Set("Cache-Control", keepNot)
	if hashed(name) {
		header.Set("Cache-Control", keepForEver)
		header.Set(api.Readable.Name, api.Readable.Value)
	}
	if packed, ok := h.packed[name]; ok {
		header.Set("Vary", "Accept-Encoding")
		for _, coding := range codings {
			if accepts(r, coding) {
				header.Set("Content-Encoding", coding)
				body = packed[coding]
				break
			}
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		w.Write(body)
	}
}

// accepts reads Accept-Encoding: "gzip, br;q=0.9" (RFC 9110 section 12.5.3).
func accepts(r *http.Request, wanted string) bool {
	for coding := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), wanted) {
			q, err := strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(weight), "q="), 64)
			return weight == "" || err == nil && q > 0
		}
	}
	return false
}

// contentTypes stands in for the system's table, which differs between systems.
var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".xml":         "application/xml",
}
