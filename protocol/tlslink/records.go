package tlslink

// Direction of octets on the wire.
type Direction uint8

const (
	ToServer Direction = iota
	ToClient
)

func (d Direction) String() string {
	if d == ToServer {
		return "to-server"
	}
	return "to-client"
}

// Record is one TLS record as a listener sees it, and with the key log as its
// ends do. The record of a stream that is not TLS has Type NotTLSRecord and in
// Octets the five that are no record header; nothing follows it.
type Record struct {
	Dir        Direction `json:"dir"`
	Type       string    `json:"type"`                  // ContentType, RFC 8446 §5.1; "not-tls": the stream is something else
	Version    string    `json:"version,omitempty"`     // legacy_record_version: "TLS 1.2"
	Length     int       `json:"length"`                // of the fragment, octets, without the header of 5
	Sealed     bool      `json:"sealed,omitempty"`      // encrypted on the wire
	Inner      string    `json:"inner,omitempty"`       // sealed and opened: the true content type
	Messages   []Message `json:"messages,omitempty"`    // handshake messages inside
	Alert      string    `json:"alert,omitempty"`       // AlertDescription, RFC 8446 §6: "close_notify"
	AlertLevel string    `json:"alert_level,omitempty"` // "warning", "fatal"
	Size       int       `json:"size"`                  // plaintext octets, type and padding apart; 0 unless opened or never sealed
	Plain      []byte    `json:"plain,omitempty"`       // sealed and opened: the plaintext
	Octets     []byte    `json:"octets"`                // as on the wire, header first
}

// Message is a handshake message inside a record.
type Message struct {
	Type     string `json:"type"`               // RFC 8446 §4, RFC 5246 §7.4: "client_hello"
	Length   int    `json:"length"`             // of its body, octets; 0 while its header is cut
	Fragment bool   `json:"fragment,omitempty"` // the record holds only a part of it
}
