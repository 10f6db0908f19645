// Package netio lets the machines talk over sockets. It is the only package
// that opens any, and the one that has a clock and randomness of its own.
//
// A Server and a Client drive the same machines as a session in memory: octets
// that were read go in, events come out, and what they say is written. One
// goroutine serves one connection; it reads with deadlines, and never more than
// it was told to.
package netio

import (
	"context"
	"net"
	"time"
)

// Listen opens a listener. Without a host in addr (":2525") it is loopback's
// alone: to be reached from elsewhere has to be asked for.
func Listen(addr string) (net.Listener, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if host == "" {
		host = "127.0.0.1"
	}
	return net.Listen("tcp", net.JoinHostPort(host, port))
}

// dialTime is how long a connection may take to come about, by any of the
// addresses of a name.
const dialTime = 30 * time.Second

// Dial opens a connection.
func Dial(ctx context.Context, addr string) (net.Conn, error) {
	d := net.Dialer{Timeout: dialTime}
	return d.DialContext(ctx, "tcp", addr)
}
