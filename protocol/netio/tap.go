package netio

import (
	"bytes"
	"net"

	"example.org/smtpauth/protocol/tlslink"
)

// A tap is a connection that sees what passes, below TLS.
type tap struct {
	net.Conn
	client    bool               // it is the client's end
	dissector *tlslink.Dissector // once TLS has begun, as long as somebody wants it
	alert     string             // the last one that this end sent
	watch     func(Note)         // may be nil

	// read waits to be told: a whole flight may come in one piece, and the keys
	// to its end are known only when its beginning was understood.
	read []byte
}

func (t *tap) Read(p []byte) (int, error) {
	t.flush()
	n, err := t.Conn.Read(p)
	if t.dissector != nil || t.watch != nil {
		t.read = bytes.Clone(p[:n])
	}
	return n, err
}

func (t *tap) Write(p []byte) (int, error) {
	t.flush()
	n, err := t.Conn.Write(p)
	if t.dissector != nil || t.watch != nil {
		t.tell(t.client, bytes.Clone(p[:n]))
	}
	return n, err
}

// flush tells what was read. It is called when that has been understood.
func (t *tap) flush() {
	if octets := t.read; octets != nil {
		t.read = nil
		t.tell(!t.client, octets)
	}
}

func (t *tap) tell(toServer bool, octets []byte) {
	if len(octets) == 0 {
		return
	}
	var records []tlslink.Record
	if t.dissector != nil {
		dir := tlslink.ToClient
		if toServer {
			dir = tlslink.ToServer
		}
		records = t.dissector.Feed(dir, octets)
	}
	for _, r := range records {
		if toServer == t.client && r.Alert != "" {
			t.alert = r.Alert
		}
	}
	if t.watch != nil {
		t.watch(Note{Kind: Passed, ToServer: toServer, Octets: octets, Records: records})
	}
}
