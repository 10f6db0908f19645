package view

import (
	"encoding/hex"

	"example.org/smtpauth/protocol/session"
	"example.org/smtpauth/protocol/tlslink"
)

// A Tube is a TLS handshake: what closes the wire, or why it stays open.
type Tube struct {
	Facts   *tlslink.Facts
	Failure *tlslink.Failure
	Records []Record
	Octets  int // of all records, with their headers
}

// A Record is one TLS record, as a listener sees it and as its ends do.
type Record struct {
	Toward session.Side
	Leg    ID     // from whom to whom, where somebody in the middle of TLS has two connections
	Seen   ID     // its type on the wire
	Length int    // octets, with the header
	Sealed bool   // encrypted
	Inside []ID   // handshake messages, an alert, or the type within
	Octets []byte // as on the wire, header first
	Plain  []byte // sealed and opened: what is inside
}

// recordHeader is its length, RFC 8446 §5.1.
const recordHeader = 5

// Header is that of the record, in hexadecimal: type, version, length.
func (r Record) Header() (kind, version, length string) {
	if len(r.Octets) < recordHeader {
		return "", "", ""
	}
	h := hex.EncodeToString(r.Octets[:recordHeader])
	return h[:2], h[2:4] + " " + h[4:6], h[6:8] + " " + h[8:]
}

// records are those that passed in a frame.
func (s *Story) records(f *session.Frame) []Record {
	var all []Record
	for _, c := range f.Wire {
		for _, r := range c.Records {
			v := Record{Toward: c.Toward, Leg: s.leg(c), Seen: ID("tls.record." + r.Type), Length: r.Length + recordHeader, Sealed: r.Sealed, Octets: r.Octets, Plain: r.Plain}
			for _, m := range r.Messages {
				v.Inside = append(v.Inside, ID("tls.message."+m.Type))
			}
			switch {
			case r.Alert != "":
				v.Inside = append(v.Inside, ID("tls.alert."+r.Alert))
			case len(v.Inside) == 0 && r.Inner != "":
				v.Inside = append(v.Inside, ID("tls.record."+r.Inner))
			}
			all = append(all, v)
		}
	}
	return all
}

// leg names the way of records to or from somebody in the middle of TLS; it is
// empty where nobody is there.
func (s *Story) leg(c session.Chunk) ID {
	switch {
	case !s.legs || len(c.Records) == 0:
		return ""
	case c.Beyond:
		return ID("ui.leg.far." + string(c.Toward))
	}
	return ID("ui.leg.near." + string(c.Toward))
}

func (s *Story) tube(f *session.Frame) *Tube {
	t := &Tube{Facts: f.TLS, Failure: f.TLSFailure, Records: s.records(f)}
	for _, r := range t.Records {
		t.Octets += r.Length
	}
	return t
}
