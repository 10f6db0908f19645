//go:build js

// The Cloudflare Worker: what the site's host answers beside files. One program
// runs for one request.
package main

import (
	"fmt"
	"os"
	"time"

	"example.org/smtpauth/web/api"
	"github.com/syumai/workers"
)

func main() {
	workers.Serve(&api.API{
		Store:   store{},
		Allow:   allow,
		Missing: missing,
		Now:     time.Now,
		Log:     func(line string) { fmt.Fprintln(os.Stderr, line) },
	})
}
