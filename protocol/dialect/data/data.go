// Package data holds the dialects for programs that carry them along. The page
// fetches them instead.
package data

import (
	_ "embed"

	"example.org/smtpauth/protocol/dialect"
)

//go:embed servers.json
var servers []byte

//go:embed clients.json
var clients []byte

// Files are the two, by name, as the page fetches them.
func Files() map[string][]byte {
	return map[string][]byte{"servers.json": servers, "clients.json": clients}
}

// All reads the dialects.
func All() (*dialect.All, error) { return dialect.Read(servers, clients) }
