package netio

import (
	"example.org/smtpauth/protocol/client"
	"example.org/smtpauth/protocol/server"
	"example.org/smtpauth/protocol/tlslink"
)

// A Note is one thing that happened in a session, for whoever watches it.
// Fields not named for its Kind are zero. Octets are the watcher's to keep.
type Note struct {
	Kind NoteKind

	ToServer bool             // Passed: the direction
	Octets   []byte           // Passed: as on the wire; Stepped: what a server's machine was given
	Records  []tlslink.Record // Passed: the TLS records that these octets complete

	Facts   *tlslink.Facts   // Shook: nil where there is no TLS
	Failure *tlslink.Failure // Shook: why not; nil where the peer has gone

	Server []server.Event // Stepped, of a Server
	Client []client.Event // Stepped, of a Client
}

// NoteKind says what a Note is.
type NoteKind string

const (
	Passed  NoteKind = "passed"  // octets on the wire
	Shook   NoteKind = "shook"   // a TLS handshake is over; its machine hears of it next
	Stepped NoteKind = "stepped" // a machine did something, and what it said has passed
)
