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
)

// serve builds the site and serves it at addr until it is interrupted.
func serve(addr, wasm string) error {
	listener, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	program, wasmExec, err := readProgram(wasm)
	if err != nil {
		return err
	}
	s, err := buildSite("", program, wasmExec)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: newHandler(s), ReadHeaderTimeout: 10 * time.Second}
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

// quickBrotli is a quality that takes a fraction of a second for the program.
const quickBrotli = 5

type handler struct {
	site
	packed map[string][]byte // under brotli
}

func newHandler(s site) http.Handler {
	h := handler{s, map[string][]byte{}}
	for name, data := range s {
		if compressible(name) {
			h.packed[name] = brotlied(data, quickBrotli)
		}
	}
	return h
}

func (h handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	name, status := strings.TrimPrefix(r.URL.Path, "/"), http.StatusOK
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if _, ok := h.site[name+"/index.html"]; ok {
		http.Redirect(w, r, "/"+name+"/", http.StatusMovedPermanently)
		return
	}
	body, ok := h.site[name]
	if !ok {
		name, status = "404.html", http.StatusNotFound
		body = h.site[name]
	}
	header := w.Header()
	header.Set("Content-Security-Policy", policy)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Type", contentTypes[path.Ext(name)])
	header.Set("Cache-Control", "no-cache")
	if ok && r.URL.Query().Has("v") {
		header.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if packed, ok := h.packed[name]; ok {
		header.Set("Vary", "Accept-Encoding")
		if acceptsBrotli(r) {
			header.Set("Content-Encoding", "br")
			body = packed
		}
	}
	header.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	if r.Method == http.MethodGet {
		w.Write(body)
	}
}

// acceptsBrotli reads Accept-Encoding: "gzip, br;q=0.9" (RFC 9110 section 12.5.3).
func acceptsBrotli(r *http.Request) bool {
	for coding := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "br") {
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
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
}
