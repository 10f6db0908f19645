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

//go:embed meetings.json
var meetings []byte

// Files are those that the page fetches, by name.
func Files() map[string][]byte {
	return map[string][]byte{"servers.json": servers, "clients.json": clients, "meetings.json": meetings}
}

// All reads the dialects and their meetings.
func All() (*dialect.All, error) {
	all, err := dialect.Read(servers, clients)
	if err == nil {
		err = all.ReadMeetings(meetings)
	}
	if err == nil {
		err = all.CheckMeetings()
	}
	return all, err
}
