package tlslink

import (
	"bytes"
	"crypto/tls"
	"encoding/binary"
)

const (
	headerLen   = 5
	maxFragment = 1<<14 + 2048 // RFC 5246 §6.2.3; TLS 1.3 allows less

	typeCCS       = 20
	typeAlert     = 21
	typeHandshake = 22
	typeAppData   = 23
)

// Dissector cuts the octets of one connection into records. It changes nothing
// and trusts no length.
type Dissector struct {
	secrets map[string][]byte // "LABEL client-random" in hex: a secret
	line    []byte            // of the key log, not yet ended

	clientRandom, serverRandom []byte
	version, suite             uint16 // of the ServerHello; 0 before
	streams                    [2]stream
}

// stream is one direction.
type stream struct {
	buf      []byte // less than one record
	lost     bool   // it is not TLS
	switched bool   // change_cipher_spec passed
	finished bool   // a sealed Finished passed
	hand     reassembly
	key      *key
}

// NewDissector returns a Dissector for one connection.
func NewDissector() *Dissector { return &Dissector{secrets: map[string][]byte{}} }

// Feed takes octets of one direction and returns the records that they
// complete; it keeps the rest.
func (d *Dissector) Feed(dir Direction, octets []byte) []Record {
	s := &d.streams[dir&1]
	if s.lost {
		return nil
	}
	s.buf = append(s.buf, octets...)
	var list []Record
	for len(s.buf) >= headerLen {
		length := int(binary.BigEndian.Uint16(s.buf[3:]))
		if s.buf[0] < typeCCS || s.buf[0] > typeAppData || s.buf[1] != 3 || length > maxFragment {
			list = append(list, Record{Dir: dir, Type: NotTLSRecord, Octets: s.buf[:headerLen:headerLen]})
			s.lost, s.buf = true, nil
			return list
		}
		end := headerLen + length
		if len(s.buf) < end {
			break
		}
		list = append(list, d.record(dir, s, s.buf[:end:end]))
		s.buf = s.buf[end:]
	}
	if list != nil {
		s.buf = bytes.Clone(s.buf) // the records keep the octets of before
	}
	return list
}

// record describes one whole record, header first.
func (d *Dissector) record(dir Direction, s *stream, raw []byte) Record {
	content, plain := raw[0], raw[headerLen:]
	r := Record{
		Dir: dir, Type: contentTypes[content], Length: len(plain), Octets: raw,
		Version: tls.VersionName(binary.BigEndian.Uint16(raw[1:])),
		Sealed:  d.sealed(s, content),
	}
	if r.Sealed {
		var ok bool
		if content, plain, ok = d.open(dir, s, raw); !ok {
			if r.Type == contentTypes[typeHandshake] && !s.finished {
				// RFC 5246 §7.4.9: what follows change_cipher_spec is Finished.
				s.finished = true
				r.Messages = []Message{{Type: messageTypes[msgFinished], Length: 12}}
			}
			return r
		}
		r.Inner, r.Plain = nameIn(contentTypes, content), plain
	}
	r.Size = len(plain)
	switch content {
	case typeCCS:
		s.switched = true
	case typeHandshake:
		r.Messages = s.hand.take(plain, func(typ uint8, body []byte) string {
			return d.message(dir, s, r.Sealed, typ, body)
		})
	case typeAlert:
		if len(plain) == 2 {
			r.AlertLevel, r.Alert = nameIn(alertLevels, plain[0]), AlertName(plain[1])
		}
	}
	return r
}

// sealed tells whether a record is encrypted. In TLS 1.3 such a record always
// has the type application_data (RFC 8446 §5.2); before it, everything behind
// change_cipher_spec is (RFC 5246 §7.1).
func (d *Dissector) sealed(s *stream, content uint8) bool {
	return content == typeAppData || s.switched && d.version != tls.VersionTLS13
}
