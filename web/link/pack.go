package link

import (
	"bytes"
	"compress/flate"
	"encoding/base64"
	"errors"
	"io"

	"example.org/smtpauth/protocol/session"
)

// slack is what DEFLATE may add to what it cannot make shorter, generously.
const slack = 1 << 10 // octets

// maxFragment is how long a fragment may be: what session.MaxJSON octets give.
var maxFragment = base64.RawURLEncoding.EncodedLen(session.MaxJSON+slack) + len("1.") + len("@1234")

// pack writes octets under DEFLATE (RFC 1951) in base64url without padding (RFC
// 4648 §5).
func pack(octets []byte) string {
	var b bytes.Buffer
	w, _ := flate.NewWriter(&b, flate.BestCompression) // fails on an unknown level only
	w.Write(octets)
	w.Close()
	return base64.RawURLEncoding.EncodeToString(b.Bytes())
}

// unpack undoes pack. It reads no more than session.MaxJSON octets, however
// much the data would grow, and wants nothing behind their end.
func unpack(data string) ([]byte, error) {
	packed, err := base64.RawURLEncoding.Strict().DecodeString(data)
	if err != nil {
		return nil, unreadable("broken")
	}
	source := bytes.NewReader(packed)
	octets, err := io.ReadAll(io.LimitReader(flate.NewReader(source), session.MaxJSON+1))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return nil, unreadable("cut")
	case err != nil:
		return nil, unreadable("broken")
	case len(octets) > session.MaxJSON:
		return nil, unreadable("too-long")
	case source.Len() > 0:
		return nil, unreadable("broken")
	}
	return octets, nil
}
