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

// All reads the dialects.
func All() (*dialect.All, error) {
	s, err := dialect.ReadServers(servers)
	if err != nil {
		return nil, err
	}
	c, err := dialect.ReadClients(clients)
	if err != nil {
		return nil, err
	}
	return &dialect.All{Servers: s, Clients: c}, nil
}
