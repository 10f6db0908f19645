package sasl

// A Channel is what a mechanism may know of the TLS connection that carries
// it. Each side has it from its own end of that connection (CHB-05).
type Channel struct {
	TLS      bool
	Exporter []byte // tls-exporter, 32 octets (RFC 9266); nil below TLS 1.3
	Client   string // whom the client's certificate names; empty: none was shown, or the server did not verify it
	EndPoint []byte // tls-server-end-point: a hash of the server's certificate (RFC 5929 §4.1); nil: it has none
}

// HasClient reports whether a client certificate is there (EXN-04).
func (c Channel) HasClient() bool { return c.TLS && c.Client != "" }

// A Binding is a channel binding type by its registered name.
type Binding string

const (
	TLSExporter       Binding = "tls-exporter"
	TLSServerEndPoint Binding = "tls-server-end-point"
)

// bindings are the types known here, best first.
var bindings = []Binding{TLSExporter, TLSServerEndPoint}

// Data is the channel binding data of a type; nil where the connection has none.
func (c Channel) Data(b Binding) []byte {
	switch {
	case !c.TLS:
		return nil
	case b == TLSExporter:
		return c.Exporter
	case b == TLSServerEndPoint:
		return c.EndPoint
	}
	return nil
}

// Best is the first of Bindings that the connection has; empty: it has none.
func (c Channel) Best() Binding {
	for _, b := range bindings {
		if c.Data(b) != nil {
			return b
		}
	}
	return ""
}

// Binds reports whether a -PLUS mechanism is possible.
func (c Channel) Binds() bool { return c.Best() != "" }
