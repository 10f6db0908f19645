// Package api is what a host answers beside files: links kept under short
// addresses, and the headers of everything. It knows nothing of the host.
package api

import "strings"

// Policy is what a page may do: nothing from another host, nothing inline.
const Policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; " +
	"connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'"

// A Header is one that goes with an answer.
type Header struct{ Name, Value string }

// Readable goes with files that never change: a page in a sandboxed frame is of
// no origin, and may read only what everybody may.
var Readable = Header{"Access-Control-Allow-Origin", "*"}

// Headers go with every answer for a path below the site's base: "en/". Only
// an embedded page may stand in a frame.
func Headers(path string) []Header {
	framed, frames := "; frame-ancestors 'none'", Header{"X-Frame-Options", "DENY"}
	if Embedded(path) {
		framed, frames = "; frame-ancestors *", Header{}
	}
	all := []Header{
		{"Content-Security-Policy", Policy + framed},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"},
		{"Strict-Transport-Security", "max-age=31536000"},
	}
	if frames.Name != "" {
		all = append(all, frames)
	}
	return all
}

// Embedded tells whether a path below the base is that of an embedded page:
// "en/embed/".
func Embedded(path string) bool {
	_, rest, _ := strings.Cut(path, "/")
	return rest == "embed/" || rest == "embed/index.html"
}
