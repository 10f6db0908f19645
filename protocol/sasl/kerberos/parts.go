package kerberos

import (
	"strings"

	"example.org/smtpauth/protocol/trace"
)

// A Name is a principal's, without its realm (RFC 4120 §5.2.2).
type Name struct {
	kind  int64
	parts []trace.Value
	raw   trace.Value // as it was read, tag and all
}

// User is the name of somebody who logs in.
func User(name trace.Value) Name { return Name{kind: nameUser, parts: []trace.Value{name}} }

// Host is the name of a service on a host (RFC 4120 §6.2.1).
func Host(service, host trace.Value) Name {
	return Name{kind: nameService, parts: []trace.Value{service, host}}
}

// String is the name as people write it: tim, smtp/mail.example.org.
func (n Name) String() string {
	parts := make([]string, len(n.parts))
	for i, p := range n.parts {
		parts[i] = p.String()
	}
	return strings.Join(parts, "/")
}

// Only is the name where it has one part alone, as a user's has.
func (n Name) Only() (trace.Value, bool) {
	if len(n.parts) != 1 {
		return trace.Value{}, false
	}
	return n.parts[0], true
}

// Parts are the parts of the name.
func (n Name) Parts() []trace.Value { return n.parts }

// Raw is the name as it was read, tag and all.
func (n Name) Raw() trace.Value { return n.raw }

func (n Name) der() der {
	var parts der
	for _, p := range n.parts {
		parts = append(parts, str(p)...)
	}
	return sequence(field(0, number(n.kind)), field(1, sequence(parts)))
}

const maxParts = 8 // of a name

// name reads field n. Each part gets the label, the whole one whole.
func (r *reader) name(n byte, label, whole string) (name Name) {
	f := r.field(n)
	again := *f
	name.raw = again.raw(whole, tagSequence)
	s := f.sequence()
	name.kind = s.field(0).number()
	list := s.field(1).sequence()
	s.ends()
	for !*r.wrong && list.at < list.end {
		if len(name.parts) == maxParts {
			*r.wrong = true
			break
		}
		name.parts = append(name.parts, list.cut(label, tagString))
	}
	*r.wrong = *r.wrong || len(name.parts) == 0
	return name
}

// Sealed is an EncryptedData (RFC 4120 §5.2.9).
type Sealed struct {
	EType   int64
	Version uint32 // of the key, kvno; 0: not said
	Cipher  trace.Value
}

// der writes what a key of so many octets has sealed.
func sealedDER(length int, cipher trace.Value, kvno ...der) der {
	return sequence(field(0, number(etypeOf(length))), all(kvno...), field(2, octets(cipher)))
}

// sealed reads field n.
func (r *reader) sealed(n byte, label string) (s Sealed) {
	f := r.field(n).sequence()
	s.EType = f.field(0).number()
	if f.hasField(1) {
		s.Version = uint32(f.field(1).number()) // some write it as a signed number
	}
	s.Cipher = f.field(2).cut(label, tagOctets)
	f.ends()
	return s
}

// keyDER is an EncryptionKey (RFC 4120 §5.2.9).
func keyDER(key trace.Value) der {
	return sequence(field(0, number(etypeOf(len(key.Octets)))), field(1, octets(key)))
}

// key reads field n. Its type has to be one that is known here.
func (r *reader) key(n byte, label string) trace.Value {
	s := r.field(n).sequence()
	etype := s.field(0).number()
	key := s.field(1).cut(label, tagOctets)
	s.ends()
	*r.wrong = *r.wrong || etype == 0 || etype != etypeOf(len(key.Octets))
	return key
}
