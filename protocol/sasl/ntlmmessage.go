package sasl

import (
	"encoding/binary"
	"fmt"
	"strings"
	"unicode/utf8"

	"example.org/smtpauth/protocol/trace"
)

// Flags of NTLM ([MS-NLMP] §2.2.2.5) that are used here.
const (
	ntlmUnicode       uint32 = 1 << 0 // names are in UTF-16LE
	ntlmOEM           uint32 = 1 << 1 // names are in a character set that nobody names
	ntlmRequestTarget uint32 = 1 << 2
	ntlmNTLM          uint32 = 1 << 9
	ntlmAlwaysSign    uint32 = 1 << 15
	ntlmTargetDomain  uint32 = 1 << 16
	ntlmTargetServer  uint32 = 1 << 17
	ntlmExtended      uint32 = 1 << 19 // extended session security: NTLMv1 over a challenge of both sides
	ntlmTargetInfo    uint32 = 1 << 23

	// What a client says again in its last message, where the server did.
	ntlmAgreed = ntlmUnicode | ntlmRequestTarget | ntlmNTLM | ntlmAlwaysSign | ntlmExtended | ntlmTargetInfo
)

// ntlmFlagNames are the names of all bits, without NTLMSSP_ before them. Bits
// without a name are reserved.
var ntlmFlagNames = [32]string{0: "NEGOTIATE_UNICODE", 1: "NEGOTIATE_OEM", 2: "REQUEST_TARGET", 4: "NEGOTIATE_SIGN", 5: "NEGOTIATE_SEAL",
	6: "NEGOTIATE_DATAGRAM", 7: "NEGOTIATE_LM_KEY", 9: "NEGOTIATE_NTLM", 11: "ANONYMOUS", 12: "NEGOTIATE_OEM_DOMAIN_SUPPLIED",
	13: "NEGOTIATE_OEM_WORKSTATION_SUPPLIED", 15: "NEGOTIATE_ALWAYS_SIGN", 16: "TARGET_TYPE_DOMAIN", 17: "TARGET_TYPE_SERVER",
	19: "NEGOTIATE_EXTENDED_SESSIONSECURITY", 20: "NEGOTIATE_IDENTIFY", 22: "REQUEST_NON_NT_SESSION_KEY", 23: "NEGOTIATE_TARGET_INFO",
	25: "NEGOTIATE_VERSION", 29: "NEGOTIATE_128", 30: "NEGOTIATE_KEY_EXCH", 31: "NEGOTIATE_56"}

func flagNames(flags uint32, names []string) string {
	var set []string
	for bit, name := range names {
		if flags>>bit&1 == 1 {
			if name == "" {
				name = fmt.Sprintf("0x%x", uint32(1)<<bit)
			}
			set = append(set, name)
		}
	}
	return strings.Join(set, " ")
}

const (
	ntlmSignature = "NTLMSSP\x00"
	ntlmNoVersion = "\x00\x00\x00\x00\x00\x00\x00\x00"
	ntlmNoMIC     = ntlmNoVersion + ntlmNoVersion
)

// A span is a range of octets.
type span struct{ from, to int }

func (s span) empty() bool                  { return s.from == s.to }
func (s span) of(v trace.Value) trace.Value { return v.Range(s.from, s.to) }

// An ntlmMessage is a message taken apart; which ranges it has depends on its
// type. Those that it has not are empty.
type ntlmMessage struct {
	flags                                  uint32
	challenge, info                        span // CHALLENGE
	lm, nt, domain, user, workstation, mic span // AUTHENTICATE
	fields                                 []trace.Field
}

// An ntlmReader takes the octets of a message apart. It notes the fields, and
// that one did not fit (NTL-04).
type ntlmReader struct {
	octets  []byte
	fields  []trace.Field
	payload []trace.Field // what length and offset point at; it comes behind the rest
	broken  bool
}

// open begins to read a message of a type, of at least size octets.
func open(octets []byte, kind uint32, size int) *ntlmReader {
	r := &ntlmReader{octets: octets}
	if r.broken = len(octets) < size || len(octets) > ntlmLimit; r.broken {
		return r
	}
	r.plain("Signature", 0, 8, "")
	if string(octets[:8]) != ntlmSignature || r.number("MessageType", 8) != kind {
		r.broken = true
	}
	return r
}

func (r *ntlmReader) plain(label string, from, length int, reads string) span {
	r.fields = append(r.fields, trace.Field{Label: label, From: from, To: from + length, Reads: reads})
	return span{from, from + length}
}

func (r *ntlmReader) number(label string, at int) uint32 {
	n := binary.LittleEndian.Uint32(r.octets[at:])
	r.plain(label, at, 4, fmt.Sprint(n))
	return n
}

func (r *ntlmReader) flags(at int) uint32 {
	n := binary.LittleEndian.Uint32(r.octets[at:])
	r.plain("NegotiateFlags", at, 4, flagNames(n, ntlmFlagNames[:]))
	return n
}

func (r *ntlmReader) version(at int) {
	v := r.octets[at:]
	reads := ""
	if string(v[:8]) != ntlmNoVersion {
		reads = fmt.Sprintf("%d.%d.%d", v[0], v[1], binary.LittleEndian.Uint16(v[2:]))
	}
	r.plain("Version", at, 8, reads)
}

// buffer reads length, maximum length and offset of a value, and where the
// value is; text reads the value, nil: it is none. An empty one has any offset.
func (r *ntlmReader) buffer(label string, at int, text func([]byte) string) span {
	length, room := int(binary.LittleEndian.Uint16(r.octets[at:])), binary.LittleEndian.Uint16(r.octets[at+2:])
	offset := binary.LittleEndian.Uint32(r.octets[at+4:])
	r.plain(label+"Fields", at, 8, fmt.Sprintf("Len %d, MaxLen %d, BufferOffset %d", length, room, offset))
	if length == 0 {
		return span{}
	}
	if uint64(offset)+uint64(length) > uint64(len(r.octets)) {
		r.broken = true
		return span{}
	}
	v := span{int(offset), int(offset) + length}
	reads := ""
	if text != nil {
		reads = text(r.octets[v.from:v.to])
	}
	if label != "EncryptedRandomSessionKey" { // none is negotiated: whatever it is, it is not looked at
		r.payload = append(r.payload, trace.Field{Label: label, From: v.from, To: v.to, Reads: reads})
	}
	return v
}

// wideText reads UTF-16LE; what is not has nothing to say.
func wideText(octets []byte) string {
	v, err := (*trace.Recorder)(nil).FromUTF16("", trace.Value{Octets: octets})
	if err != nil || !utf8.Valid(v.Octets) {
		return ""
	}
	return v.String()
}

// plainText reads text in an OEM character set. Which one is not said; UTF-8,
// which has ASCII in it, is what programs of today write.
func plainText(octets []byte) string {
	if !utf8.Valid(octets) {
		return ""
	}
	return string(octets)
}

// ntlmText is how names are read that stand in a message with these flags.
func ntlmText(flags uint32) func([]byte) string {
	if flags&ntlmUnicode != 0 {
		return wideText
	}
	return plainText
}

// readNegotiate reads a NEGOTIATE_MESSAGE. Old clients leave out what is behind
// the flags.
func readNegotiate(octets []byte) (m ntlmMessage, ok bool) {
	r := open(octets, 1, 16)
	if r.broken {
		return m, false
	}
	m.flags = r.flags(12)
	if len(octets) >= 32 {
		r.buffer("DomainName", 16, nil)
		r.buffer("Workstation", 24, nil)
	} else if len(octets) != 16 {
		return m, false
	}
	return m, r.close(&m)
}

// readChallenge reads a CHALLENGE_MESSAGE. Old servers leave out what is behind
// the challenge.
func readChallenge(octets []byte) (m ntlmMessage, ok bool) {
	r := open(octets, 2, 32)
	if r.broken {
		return m, false
	}
	target := r.buffer("TargetName", 12, ntlmText(binary.LittleEndian.Uint32(octets[20:])))
	m.flags = r.flags(20)
	m.challenge = r.plain("ServerChallenge", 24, 8, "")
	if len(octets) >= 48 {
		r.plain("Reserved", 32, 8, "")
		m.info = r.buffer("TargetInfo", 40, nil)
	}
	if len(octets) >= 56 && m.behind(56, target) {
		r.version(48)
	}
	if m.flags&ntlmTargetInfo == 0 {
		m.info = span{}
	} else if len(octets) < 48 {
		return m, false
	}
	if !m.info.empty() {
		pairs := avPairs(octets[m.info.from:m.info.to])
		if pairs.broken {
			return m, false
		}
		r.payload = append(r.payload, pairs.fields(m.info.from)...)
	}
	return m, r.close(&m)
}

// behind reports whether all values stand behind a head of size octets: what is
// before them belongs to the head.
func (m ntlmMessage) behind(size int, more ...span) bool {
	for _, v := range append(more, m.info, m.lm, m.nt, m.domain, m.user, m.workstation) {
		if !v.empty() && v.from < size {
			return false
		}
	}
	return true
}

// readAuthenticate reads an AUTHENTICATE_MESSAGE with its names in UTF-16.
func readAuthenticate(octets []byte) (ntlmMessage, bool) {
	return readAuthenticateIn(ntlmUnicode, octets)
}

// readAuthenticateIn reads an AUTHENTICATE_MESSAGE with its names in the
// character set that the server's flags chose. Old clients leave out version
// and MIC.
func readAuthenticateIn(flags uint32, octets []byte) (m ntlmMessage, ok bool) {
	text := ntlmText(flags)
	r := open(octets, 3, 64)
	if r.broken {
		return m, false
	}
	m.lm = r.buffer("LmChallengeResponse", 12, nil)
	m.nt = r.buffer("NtChallengeResponse", 20, nil)
	m.domain = r.buffer("DomainName", 28, text)
	m.user = r.buffer("UserName", 36, text)
	m.workstation = r.buffer("Workstation", 44, text)
	key := r.buffer("EncryptedRandomSessionKey", 52, nil)
	m.flags = r.flags(60)
	if len(octets) >= 72 && m.behind(72, key) {
		r.version(64)
	}
	if len(octets) >= 88 && m.behind(88, key) {
		m.mic = r.plain("MIC", 72, 16, "")
	}
	return m, r.close(&m)
}

func (r *ntlmReader) close(m *ntlmMessage) bool {
	m.fields = append(r.fields, r.payload...)
	return !r.broken
}

// ntlmNumber is a number as the messages have it: 4 octets, the low one first.
func ntlmNumber(n uint32) trace.Value {
	return trace.Value{Octets: binary.LittleEndian.AppendUint32(nil, n)}
}

// ntlmBuffers are length, maximum length and offset of values that stand one
// behind the other from an offset on.
func ntlmBuffers(offset int, vs ...trace.Value) (all []trace.Value) {
	for _, v := range vs {
		n := uint16(len(v.Octets))
		octets := binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(nil, n), n)
		all = append(all, trace.Value{Octets: binary.LittleEndian.AppendUint32(octets, uint32(offset))})
		offset += len(v.Octets)
	}
	return all
}

// ntlmPut makes a message of values, and lays it open as its reader does.
func ntlmPut(env *Env, label string, read func([]byte) (ntlmMessage, bool), vs ...trace.Value) trace.Value {
	var octets []byte
	for _, v := range vs {
		octets = append(octets, v.Octets...)
	}
	m, _ := read(octets)
	return env.Trace.Fields(label, m.fields, vs...)
}
