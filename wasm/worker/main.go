//go:build js

// The Cloudflare Worker: what the site's host answers beside files. One program
// runs for one request.
package main

import (
	"fmt"
	"net/http"
	"os"
	"time"

	"example.org/smtpauth/web/api"
	"github.com/syumai/workers"
)

func main() {
	workers.Serve(&api.API{
		Store:   store{},
		Allow:   allow,
		Origin:  func(r *http.Request) string { return r.URL.Scheme + "://" + r.URL.Host },
		Missing: missing,
		Now:     time.Now,
		Log:     func(line string) { fmt.Fprintln(os.Stderr, line) },
	})
}
