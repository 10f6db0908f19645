package kerberos

import (
	"bytes"
	"encoding/binary"

	"github.com/jcmturner/gokrb5/v8/crypto/common"

	"example.org/smtpauth/protocol/trace"
)

// A context token of GSSAPI is the object identifier of Kerberos and what
// Kerberos has to say, behind two octets that say what it is (RFC 2743 §3.1,
// RFC 4121 §4.1).
//
//	60 length | 06 09 2a864886f712010202 | 0100 | AP-REQ
const (
	mechanism = "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02" // 1.2.840.113554.1.2.2
	idAPReq   = "\x01\x00"
	idAPRep   = "\x02\x00"
)

func frame(rec *trace.Recorder, label, id string, message der) trace.Value {
	return element(tagApp, all(element(tagOID, trace.Constant(mechanism)), der{trace.Constant(id)}, message)...).value(rec, label)
}

// unframe reads up to the message.
func unframe(rec *trace.Recorder, token trace.Value, id string) (r *reader, ok bool) {
	whole := read(rec, token)
	r = whole.enter(tagApp)
	whole.ends()
	from, to := r.next(tagOID)
	if *r.wrong || string(token.Octets[from:to]) != mechanism || r.end-r.at < len(id) || string(token.Octets[r.at:r.at+len(id)]) != id {
		return r, false
	}
	r.at += len(id)
	return r, true
}

// A Wrapping is what protects the messages behind the context tokens (RFC 4121
// §4.2.6.2): here without encryption, with a checksum alone.
//
//	0504 | flags | ff | 000c | rotation | sequence number | text | checksum
type Wrapping struct {
	Key      trace.Value
	Acceptor bool        // the writer is the server
	Subkey   bool        // Key is the acceptor's
	Sequence trace.Value // of the writer, as DER writes it
}

const (
	wrapHeader   = 16 // octets
	sentAcceptor = 1
	sealedFlag   = 2
	acceptorKey  = 4
)

func (w Wrapping) flags() (flags byte) {
	if w.Acceptor {
		flags |= sentAcceptor
	}
	if w.Subkey {
		flags |= acceptorKey
	}
	return flags
}

// sum is the checksum of text and header, in which what is known only
// afterwards stands as zeros.
func (w Wrapping) sum(rec *trace.Recorder, text trace.Value) trace.Value {
	purpose := uint32(forInitiator)
	if w.Acceptor {
		purpose = forAcceptor
	}
	before, number := w.sequence()
	head := trace.Value{Octets: append([]byte{5, 4, w.flags(), 0xff, 0, 0, 0, 0}, before.Octets...)}
	header := rec.Concat("wrap-header", head, number)
	key := rec.DeriveKey("Kc", w.Key, usage(common.GetUsageKc, purpose))
	return rec.Cut("wrap-checksum", rec.HMAC("wrap-integrity", trace.SHA1, key, rec.Concat("wrap-text", text, header)), 0, tagLength)
}

// sequence is the sequence number, in 8 octets. Some write those from 2^31 on as
// if they were less than zero (RFC 4120 §5.3.2): 32 bits count.
func (w Wrapping) sequence() (before, number trace.Value) {
	number = w.Sequence
	number = number.From(max(0, len(number.Octets)-4))
	before.Octets = make([]byte, 8-len(number.Octets))
	if p := number.Octets; len(p) > 0 && len(p) < 4 && p[0] >= 0x80 {
		copy(before.Octets[4:], "\xff\xff\xff")
	}
	return before, number
}

// Wrap writes a token with text in it.
func (w Wrapping) Wrap(rec *trace.Recorder, text trace.Value) trace.Value {
	before, number := w.sequence()
	head := trace.Value{Octets: append([]byte{5, 4, w.flags(), 0xff, 0, tagLength, 0, 0}, before.Octets...)}
	return rec.Concat("wrap-token", head, number, text, w.sum(rec, text))
}

// Unwrap takes the text out of a token that the other side wrote. Ok is false
// where its form is wrong, or its sender, or its number: a message that comes
// back to who sent it has another flag. Holds says that the checksum is right.
func (w Wrapping) Unwrap(rec *trace.Recorder, token trace.Value) (text trace.Value, ok, holds bool) {
	p := token.Octets
	before, number := w.sequence()
	if len(p) < wrapHeader+tagLength || p[0] != 5 || p[1] != 4 || p[2] != w.flags() || p[3] != 0xff ||
		binary.BigEndian.Uint16(p[4:]) != tagLength || !bytes.Equal(p[8:wrapHeader], append(before.Octets, number.Octets...)) {
		return text, false, false
	}
	body := rec.Cut("wrap-body", token, wrapHeader, len(p))
	if turns := int(binary.BigEndian.Uint16(p[6:])) % len(body.Octets); turns > 0 { // RFC 4121 §4.2.5
		body = rec.Concat("wrap-body", rec.Cut("wrap-body", body, turns, len(body.Octets)), rec.Cut("wrap-body", body, 0, turns))
	}
	end := len(body.Octets) - tagLength
	text = rec.Cut("unwrapped", body, 0, end)
	sent := rec.Cut("sent-wrap-checksum", body, end, end+tagLength)
	return text, true, rec.Compare("wrap-check", sent, w.sum(rec, text))
}
