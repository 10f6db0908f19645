package tlslink

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/tls"
	"encoding/binary"
	"hash"

	"golang.org/x/crypto/chacha20poly1305"
)

// suite is what the record layer needs of a cipher suite.
type suite struct {
	hash     func() hash.Hash
	keyLen   int // octets
	aead     func(key []byte) (cipher.AEAD, error)
	explicit int // octets of the nonce sent in each record: GCM before TLS 1.3, RFC 5288 §3
}

var suites = map[uint16]suite{
	tls.TLS_AES_128_GCM_SHA256:       {sha256.New, 16, gcm, 0},
	tls.TLS_AES_256_GCM_SHA384:       {sha512.New384, 32, gcm, 0},
	tls.TLS_CHACHA20_POLY1305_SHA256: {sha256.New, 32, chacha20poly1305.New, 0}, // Go's choice in WebAssembly

	tls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256:       {sha256.New, 16, gcm, 8},
	tls.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384:       {sha512.New384, 32, gcm, 8},
	tls.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: {sha256.New, 32, chacha20poly1305.New, 0},
	tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256:         {sha256.New, 16, gcm, 8},
	tls.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384:         {sha512.New384, 32, gcm, 8},
	tls.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256:   {sha256.New, 32, chacha20poly1305.New, 0},
}

func gcm(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// key opens the records of one direction until it changes.
type key struct {
	suite  suite
	tls13  bool
	aead   cipher.AEAD
	iv     []byte // what the nonce is made from; 12 octets less the explicit ones
	secret []byte // TLS 1.3: the traffic secret
	seq    uint64 // of the next record
}

// open returns content type and plaintext of a sealed record, if the key log
// allows.
func (d *Dissector) open(dir Direction, s *stream, raw []byte) (content uint8, plain []byte, ok bool) {
	if s.key == nil {
		if s.key = d.newKey(dir, s.finished); s.key == nil {
			return 0, nil, false
		}
	}
	if plain, ok = s.key.open(raw[:headerLen], raw[headerLen:]); !ok || !s.key.tls13 {
		return raw[0], plain, ok
	}
	// TLSInnerPlaintext, RFC 8446 §5.2: content, type, zeros.
	end := len(plain)
	for end > 0 && plain[end-1] == 0 {
		end--
	}
	if end == 0 {
		return 0, nil, false
	}
	return plain[end-1], plain[: end-1 : end-1], true
}

func (d *Dissector) newKey(dir Direction, finished bool) *key {
	suite, ok := suites[d.suite]
	if !ok {
		return nil
	}
	side := [2]string{"CLIENT", "SERVER"}[dir&1]
	switch {
	case d.version == tls.VersionTLS12:
		return key12(suite, dir, d.secret("CLIENT_RANDOM"), d.clientRandom, d.serverRandom)
	case d.version == tls.VersionTLS13 && finished:
		return key13(suite, d.secret(side+"_TRAFFIC_SECRET_0"))
	case d.version == tls.VersionTLS13:
		return key13(suite, d.secret(side+"_HANDSHAKE_TRAFFIC_SECRET"))
	}
	return nil
}

// open undoes AEAD-Encrypted, RFC 8446 §5.2 and §5.3, RFC 5246 §6.2.3.3 with
// RFC 5288 and RFC 7905.
func (k *key) open(header, fragment []byte) ([]byte, bool) {
	explicit := 0
	if !k.tls13 {
		explicit = k.suite.explicit
	}
	if len(fragment) < explicit+k.aead.Overhead() {
		return nil, false
	}
	nonce := append(append([]byte(nil), k.iv...), fragment[:explicit]...)
	if explicit == 0 {
		seq := nonce[len(nonce)-8:]
		binary.BigEndian.PutUint64(seq, binary.BigEndian.Uint64(seq)^k.seq)
	}
	fragment = fragment[explicit:]
	additional := header
	if !k.tls13 { // sequence number, type, version, length of the plaintext
		additional = binary.BigEndian.AppendUint64(nil, k.seq)
		additional = append(additional, header[:3]...)
		additional = binary.BigEndian.AppendUint16(additional, uint16(len(fragment)-k.aead.Overhead()))
	}
	plain, err := k.aead.Open(nil, nonce, fragment, additional)
	if err != nil {
		return nil, false
	}
	k.seq++
	return plain, true
}

// key13 expands a traffic secret, RFC 8446 §7.3.
func key13(s suite, secret []byte) *key {
	if secret == nil {
		return nil
	}
	aead, err := s.aead(expandLabel(s.hash, secret, "key", s.keyLen))
	if err != nil {
		return nil
	}
	return &key{suite: s, tls13: true, aead: aead, iv: expandLabel(s.hash, secret, "iv", 12), secret: secret}
}

// update returns the key that follows a KeyUpdate, RFC 8446 §7.2.
func (k *key) update() *key {
	if !k.tls13 {
		return k
	}
	return key13(k.suite, expandLabel(k.suite.hash, k.secret, "traffic upd", k.suite.hash().Size()))
}

// expandLabel is HKDF-Expand-Label with an empty context, RFC 8446 §7.1; nil if
// the library refuses the secret.
func expandLabel(h func() hash.Hash, secret []byte, label string, length int) []byte {
	info := binary.BigEndian.AppendUint16(nil, uint16(length))
	info = append(info, byte(len("tls13 "+label)))
	info = append(info, "tls13 "+label+"\x00"...)
	out, err := hkdf.Expand(h, secret, string(info), length)
	if err != nil {
		return nil
	}
	return out
}

// key12 cuts one direction's key from the key block, RFC 5246 §6.3. An AEAD has
// no MAC keys:
//
//	client key, server key, client IV, server IV
func key12(s suite, dir Direction, master, clientRandom, serverRandom []byte) *key {
	if master == nil {
		return nil
	}
	ivLen := 12 - s.explicit
	block := prf12(s.hash, master, "key expansion"+string(serverRandom)+string(clientRandom), 2*(s.keyLen+ivLen))
	side := int(dir & 1)
	aead, err := s.aead(block[side*s.keyLen:][:s.keyLen])
	if err != nil {
		return nil
	}
	return &key{suite: s, aead: aead, iv: block[2*s.keyLen+side*ivLen:][:ivLen]}
}

// prf12 is P_hash over label and seed, RFC 5246 §5.
func prf12(h func() hash.Hash, secret []byte, seed string, length int) []byte {
	mac := func(parts ...string) string {
		m := hmac.New(h, secret)
		for _, p := range parts {
			m.Write([]byte(p))
		}
		return string(m.Sum(nil))
	}
	var out []byte
	for a := mac(seed); len(out) < length; a = mac(a) {
		out = append(out, mac(a, seed)...)
	}
	return out[:length]
}
