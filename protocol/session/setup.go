// Package session lets a client and a server talk over a wire in memory. A
// session is a fold: a Setup and a list of inputs give frames, and the same
// ones give the same frames, but for what TLS makes anew.
package session

import (
	"crypto/sha3"
	"io"
	"time"

	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
)

// Version is the version of the JSON form that Write gives. Older ones stay
// readable.
const Version = 1

// A Setup is everything that is decided before a session begins.
type Setup struct {
	Seed  string    `json:"seed"`  // of all randomness but that of TLS
	Start time.Time `json:"start"` // the clock at the beginning, in UTC; only an input moves it
	// Meeting is the one that this comes from, "ID/ACT": a label, for its story.
	Meeting string        `json:"meeting,omitempty"`
	Client  client.Plan   `json:"client"`
	Server  server.Policy `json:"server"`
	TLS     TLS           `json:"tls,omitzero"`
	Token   Token         `json:"token,omitzero"`
}

// TLS is what either side asks of the layer beneath.
type TLS struct {
	ClientMin   string              `json:"client_min,omitempty"` // "1.2", "1.3"; empty: 1.2
	ServerMax   string              `json:"server_max,omitempty"` // empty: 1.3
	Certificate tlslink.CertsWanted `json:"certificate,omitzero"`
	Client      string              `json:"client,omitempty"` // whom the client's certificate names; empty: it has none
	Middle      Middle              `json:"middle,omitzero"`
}

// source is an endless stream of octets that depends on seed and purpose alone
// (SHAKE256, FIPS 202 §6.2).
func source(seed, purpose string) io.Reader {
	x := sha3.NewSHAKE256()
	x.Write([]byte(purpose + "\x00" + seed))
	return x
}
