// Package tlslink puts crypto/tls behind feed and take: octets from the peer
// go in, octets for the peer and plaintext come out, and nothing blocks.
//
//	client                          server
//	Start, Take  -- ClientHello -->  Feed, Take
//	Feed, Take  <-- ServerHello …    Feed, Take …
//	Write, Take  -- record      -->  Feed (returns the plaintext)
//
// A Link is one end. A Dissector is a third party on the wire: it cuts both
// directions into records and names what a listener sees, and with the key log
// of an end also what is sealed.
package tlslink
