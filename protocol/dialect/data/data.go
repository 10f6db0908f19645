// Package data holds the dialects. The page does without: it fetches what was
// made of them.
package data

import (
	_ "embed"

	"example.org/smtpauth/protocol/dialect"
)

//go:embed servers.json
var servers []byte

//go:embed clients.json
var clients []byte

//go:embed meetings.json
var meetings []byte

// All reads the dialects and their meetings.
func All() (*dialect.All, error) {
	all, err := dialect.Read(servers, clients, meetings)
	if err != nil {
		return nil, err
	}
	return all, all.Check()
}
