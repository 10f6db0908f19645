package tlslink

import (
	"io"
	"net"
	"time"
)

// conn is the net.Conn that crypto/tls runs over. Read parks the coroutine
// while there is nothing to read; Write never blocks.
type conn struct {
	in, out []byte
	park    func(struct{}) bool // returns when octets came (true) or the link ends (false)
	ended   bool                // no octets will come any more
	sent    func([]byte)        // sees each Write
}

func (c *conn) Read(p []byte) (int, error) {
	for len(c.in) == 0 {
		if c.ended || !c.park(struct{}{}) {
			c.ended = true
			return 0, io.EOF
		}
	}
	n := copy(p, c.in)
	c.in = c.in[n:]
	return n, nil
}

func (c *conn) Write(p []byte) (int, error) {
	c.out = append(c.out, p...)
	c.sent(p)
	return len(p), nil
}

// Deadlines guard against a peer that does not read; here nothing waits.
func (c *conn) SetDeadline(time.Time) error      { return nil }
func (c *conn) SetReadDeadline(time.Time) error  { return nil }
func (c *conn) SetWriteDeadline(time.Time) error { return nil }

func (c *conn) Close() error         { return nil }
func (c *conn) LocalAddr() net.Addr  { return addr{} }
func (c *conn) RemoteAddr() net.Addr { return addr{} }

type addr struct{}

func (addr) Network() string { return "memory" }
func (addr) String() string  { return "memory" }
