package tlslink

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
)

const (
	msgClientHello = 1
	msgServerHello = 2
	msgFinished    = 20
	msgKeyUpdate   = 24

	maxHello = 1 << 14 // octets of a body that are kept
)

// reassembly puts handshake messages together: they may share and span records.
//
//	type (1) length (3) body
type reassembly struct {
	head []byte // up to 4 octets
	left int    // octets of the body still to come
	body []byte // its beginning, of the messages that are read further; anew for each
}

// take returns the messages that have octets in p. whole is called with each
// message that ends and may give it a better name.
func (m *reassembly) take(p []byte, whole func(typ uint8, body []byte) string) []Message {
	var list []Message
	for len(p) > 0 {
		begun := len(m.head) > 0
		if n := min(4-len(m.head), len(p)); n > 0 {
			m.head, p = append(m.head, p[:n]...), p[n:]
			m.left = m.length()
		}
		typ := m.head[0]
		msg := Message{Type: nameIn(messageTypes, typ), Length: m.length(), Fragment: true}
		if len(m.head) == 4 {
			n := min(m.left, len(p))
			if typ == msgClientHello || typ == msgServerHello || typ == msgKeyUpdate {
				m.body = append(m.body, p[:min(n, maxHello-len(m.body))]...)
			}
			m.left, p = m.left-n, p[n:]
			msg.Fragment = begun || m.left > 0
			if m.left == 0 {
				if name := whole(typ, m.body); name != "" {
					msg.Type = name
				}
				*m = reassembly{}
			}
		}
		list = append(list, msg)
	}
	return list
}

func (m *reassembly) length() int {
	if len(m.head) < 4 {
		return 0
	}
	return int(m.head[1])<<16 | int(m.head[2])<<8 | int(m.head[3])
}

// message learns from a whole message what opening the next records needs.
func (d *Dissector) message(dir Direction, s *stream, sealed bool, typ uint8, body []byte) (name string) {
	switch {
	case sealed && typ == msgFinished: // the next record has the traffic key
		if s.finished = true; d.version == tls.VersionTLS13 {
			s.key = nil
		}
	case sealed && typ == msgKeyUpdate && s.key != nil:
		s.key = s.key.update()
	case !sealed && typ == msgClientHello && dir == ToServer && len(body) >= 34:
		d.clientRandom = body[2:34]
	case !sealed && typ == msgServerHello && dir == ToClient:
		if d.serverHello(body) {
			return helloRetryRequest
		}
	}
	return ""
}

// retryRandom marks a HelloRetryRequest, RFC 8446 §4.1.3.
var retryRandom = sha256.Sum256([]byte("HelloRetryRequest"))

// serverHello reads version, random and suite, RFC 8446 §4.1.3:
//
//	version (2) random (32) session id (1+n) suite (2) compression (1) extensions (2+n)
func (d *Dissector) serverHello(p []byte) (retry bool) {
	if len(p) < 35 {
		return false
	}
	version, random := binary.BigEndian.Uint16(p), p[2:34]
	n := 35 + int(p[34])
	if len(p) < n+3 {
		return false
	}
	d.version, d.serverRandom, d.suite = version, random, binary.BigEndian.Uint16(p[n:])
	if p = p[n+3:]; len(p) >= 2 {
		p = p[2:]
	}
	for len(p) >= 4 { // extension: type (2) length (2) data
		typ, n := binary.BigEndian.Uint16(p), int(binary.BigEndian.Uint16(p[2:]))
		if p = p[4:]; n > len(p) {
			break
		}
		if typ == 43 && n == 2 { // supported_versions
			d.version = binary.BigEndian.Uint16(p)
		}
		p = p[n:]
	}
	return bytes.Equal(random, retryRandom[:])
}
