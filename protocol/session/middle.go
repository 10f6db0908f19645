package session

import (
	"bytes"
	"crypto/x509"

	"example.org/smtpauth/protocol/tlslink"
)

// Middle is somebody who stands in the middle of TLS: he ends the client's
// connection with a certificate of his own for the server's name, opens another
// one to the server, and hands on what he reads.
type Middle struct {
	On        bool `json:"on"`
	Trusted   bool `json:"trusted,omitempty"`    // the client trusts whoever signed his certificate
	StripPlus bool `json:"strip_plus,omitempty"` // he takes -PLUS mechanisms out of the server's list
}

// middle is his two TLS connections.
type middle struct {
	Middle
	front, back *tlslink.Link
	dissectors  map[*tlslink.Link]*tlslink.Dissector
}

// newMiddle makes him and lets the client trust him, if it should. The second
// result is what the client trusts.
func (s *Session) newMiddle(o tlslink.Options) (*middle, tlslink.Identity, error) {
	trusts := s.identity
	own, err := tlslink.MakeIdentity([]byte(s.setup.Seed+" middle"), s.setup.Client.Host, s.setup.Start, tlslink.CertsWanted{})
	if err != nil {
		return nil, trusts, err
	}
	if s.setup.TLS.Middle.Trusted {
		trusts.Pool = x509.NewCertPool()
		for _, der := range [][]byte{s.identity.Root, own.Root} {
			root, err := x509.ParseCertificate(der)
			if err != nil {
				return nil, trusts, err
			}
			trusts.Pool.AddCert(root)
		}
	}
	m := &middle{Middle: s.setup.TLS.Middle, dissectors: map[*tlslink.Link]*tlslink.Dissector{}}
	end := func(make func(tlslink.Identity, tlslink.Options) *tlslink.Link, id tlslink.Identity) *tlslink.Link {
		d := tlslink.NewDissector()
		o.KeyLog = d
		l := make(id, o)
		m.dissectors[l] = d
		return l
	}
	o.SkipVerify = true // he does not care who the server is
	m.front, m.back = end(tlslink.NewServer, own), end(tlslink.NewClient, s.identity)
	return m, trusts, nil
}

// relay takes octets that a side sent on its way toward the other, and hands on
// what is in them.
func (m *middle) relay(s *Session, f *Frame, toward Side, octets []byte) {
	in, out := m.front, m.back
	if toward == Client {
		in, out = m.back, m.front
	}
	heard := in.Feed(octets)
	m.note(f, toward, octets, in).Heard = heard
	m.put(s, f, toward.Other(), in) // the handshake's next flight
	if len(heard) > 0 {
		out.Write(m.changed(toward, heard))
	}
	if in.PeerClosed() {
		out.CloseNotify()
	}
	m.put(s, f, toward, out)
}

// put lets one of his ends send what it has.
func (m *middle) put(s *Session, f *Frame, toward Side, from *tlslink.Link) {
	if octets := from.Take(); len(octets) > 0 {
		m.note(f, toward, octets, from)
		s.wire.under[toward] = append(s.wire.under[toward], octets...)
	}
}

func (m *middle) note(f *Frame, toward Side, octets []byte, leg *tlslink.Link) *Chunk {
	f.Wire = append(f.Wire, Chunk{Toward: toward, Octets: octets, Beyond: leg == m.back,
		Records: m.dissectors[leg].Feed(direction(toward), octets)})
	return &f.Wire[len(f.Wire)-1]
}

// changed is what he makes of what he heard.
func (m *middle) changed(toward Side, heard []byte) []byte {
	if !m.StripPlus || toward != Client {
		return heard
	}
	lines := bytes.SplitAfter(heard, []byte("\r\n"))
	for i, line := range lines {
		if len(line) > 8 && bytes.HasPrefix(line, []byte("250")) && string(line[4:8]) == "AUTH" {
			lines[i] = withoutPlus(line)
		}
	}
	return bytes.Join(lines, nil)
}

func withoutPlus(line []byte) []byte {
	var kept [][]byte
	for _, word := range bytes.Split(bytes.TrimSuffix(line, []byte("\r\n")), []byte(" ")) {
		if !bytes.HasSuffix(word, []byte("-PLUS")) {
			kept = append(kept, word)
		}
	}
	return append(bytes.Join(kept, []byte(" ")), "\r\n"...)
}

func (m *middle) close() {
	m.front.Close()
	m.back.Close()
}
