package netio

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"time"
)

// An answer of a Kerberos centre has a few hundred octets.
const (
	kdcTime   = 30 * time.Second
	kdcOctets = 1 << 16
)

// AskKDC sends a request to a Kerberos key distribution centre and returns its
// answer, each behind its length in 4 octets (RFC 4120 §7.2.2).
func AskKDC(ctx context.Context, addr string, request []byte) ([]byte, error) {
	conn, err := Dial(ctx, addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.SetDeadline(past) })()
	conn.SetDeadline(time.Now().Add(kdcTime))
	if _, err := conn.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(request))), request...)); err != nil {
		return nil, err
	}
	var length [4]byte
	if _, err := io.ReadFull(conn, length[:]); err != nil {
		return nil, err
	}
	if binary.BigEndian.Uint32(length[:]) > kdcOctets {
		return nil, errors.New("netio: the centre's answer is too long")
	}
	answer := make([]byte, binary.BigEndian.Uint32(length[:]))
	_, err = io.ReadFull(conn, answer)
	return answer, err
}
