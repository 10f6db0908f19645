package kerberos

import (
	"bytes"
	"cmp"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"time"

	"example.org/smtpauth/protocol/trace"
)

// A KDC is a key distribution centre: it knows everybody's key, the users' and
// the service's, and hands a user a ticket for the service. It takes no proof
// beforehand: who asks in another's name gets what he cannot open, but can try
// passwords on. Its answers go no further than the page that it lives in.
type KDC struct {
	Realm string
	Host  string            // of the only service, smtp/host
	Key   []byte            // of the service
	Users map[string]string // passwords by name; what changes later is not seen
	Rand  io.Reader
	Now   func() time.Time

	Iterations int // of PBKDF2, below 2^32; 0: 4096

	keys map[string]trace.Value // of users, once made
}

// NewServiceKey derives the key of a service from a seed: the same seed, the
// same key.
func NewServiceKey(seed []byte, realm string) ([]byte, error) {
	return hkdf.Key(sha256.New, seed, nil, "smtpauth kerberos service "+realm, KeyLength)
}

// Answer answers an AS-REQ with an AS-REP or a KRB-ERROR. The error is of Rand.
func (k *KDC) Answer(request []byte) ([]byte, error) {
	q, ok := k.read(request)
	switch _, known := k.Users[q.client.String()]; {
	case !ok:
		return k.refuse(ErrGeneric), nil
	case q.service.String() != Service+"/"+k.Host || q.realm.String() != k.Realm:
		return k.refuse(ErrServiceUnknown), nil
	case !known:
		return k.refuse(ErrClientUnknown), nil
	default:
		return k.grant(q)
	}
}

// maxIterations is the most that the centre computes: what it says beyond that
// nobody goes along with.
const maxIterations = 200_000

// A question is what an AS-REQ asks.
type question struct {
	realm           trace.Value
	client, service Name
	nonce           trace.Value
	till            time.Time
}

func (k *KDC) read(request []byte) (q question, ok bool) {
	r := read(nil, trace.Value{Octets: bytes.Clone(request)})
	s := r.application(typeASReq)
	s.is(1, version)
	s.is(2, typeASReq)
	s.skip(3)
	b := s.field(4).sequence()
	b.bits(0)
	q.client = b.name(1, "", "")
	q.realm = b.field(2).cut("", tagString)
	q.service = b.name(3, "", "")
	b.skip(4)
	_, q.till = b.time(5, "")
	b.skip(6)
	q.nonce, _ = b.noted(7, "")
	etypes := b.field(8).sequence()
	for ok = false; !*r.wrong && etypes.at < etypes.end; {
		ok = etypes.number() == etypeOf(KeyLength) || ok
	}
	return q, ok && !*r.wrong
}

// Learn makes the key of a user ahead of the first question about him, which is
// then answered at once. Of a name that is not there nothing is made.
func (k *KDC) Learn(name string) error {
	if _, known := k.Users[name]; !known {
		return nil
	}
	_, err := k.key(name)
	return err
}

// key is the key of a user's password.
func (k *KDC) key(name string) (trace.Value, error) {
	if key, made := k.keys[name]; made {
		return key, nil
	}
	key, err := StringToKey(nil, "", trace.Constant(k.Users[name]), trace.Constant(k.Realm+name), min(k.iterations(), maxIterations), KeyLength)
	if err == nil {
		if k.keys == nil {
			k.keys = map[string]trace.Value{}
		}
		k.keys[name] = key
	}
	return key, err
}

func (k *KDC) iterations() int { return cmp.Or(k.Iterations, defaultIterations) }

// grant makes a session key and writes it twice: once for the service, inside
// the ticket, and once for the client.
func (k *KDC) grant(q question) ([]byte, error) {
	random := make([]byte, KeyLength+2*blockLength)
	if _, err := io.ReadFull(k.Rand, random); err != nil {
		return nil, err
	}
	salt := trace.Constant(k.Realm + q.client.String())
	key, err := k.key(q.client.String())
	if err != nil {
		return nil, err
	}
	session := trace.Value{Octets: random[:KeyLength]}
	now := k.Now().Truncate(time.Second)
	ends := now.Add(Lifetime)
	if q.till.After(now) && q.till.Before(ends) {
		ends = q.till
	}
	from, to := trace.Value{Octets: timeOctets(now)}, trace.Value{Octets: timeOctets(ends)}
	inside := ticketPart(session, q.realm, q.client, from, to).value(nil, "")
	cipher := seal(nil, "", trace.Value{Octets: k.Key}, forTicket, random[KeyLength:][:blockLength], inside)
	ticket := application(tagTicket, sequence(field(0, number(version)), field(1, str(q.realm)), field(2, q.service.der()),
		field(3, sealedDER(len(k.Key), cipher))))
	inside = application(tagASRepPart, sequence(field(0, keyDER(session)),
		field(1, sequence(sequence(field(0, number(0)), field(1, stamp(from))))), field(2, element(tagInteger, q.nonce)),
		field(4, bits(flagsInitial)), field(5, stamp(from)), field(6, stamp(from)), field(7, stamp(to)),
		field(9, str(q.realm)), field(10, q.service.der()))).value(nil, "")
	cipher = seal(nil, "", key, forASRep, random[KeyLength+blockLength:], inside)
	hint := sequence(sequence(field(0, number(etypeOf(KeyLength))), field(1, str(salt)), field(2, octets(trace.Value{Octets: binary.BigEndian.AppendUint32(nil, uint32(k.iterations()))})))).value(nil, "")
	return application(typeASRep, sequence(field(0, number(version)), field(1, number(typeASRep)),
		field(2, sequence(sequence(field(1, number(etypeInfo2)), field(2, octets(hint))))),
		field(3, str(q.realm)), field(4, q.client.der()), field(5, ticket), field(6, sealedDER(KeyLength, cipher)))).value(nil, "").Octets, nil
}

// refuse writes a KRB-ERROR (RFC 4120 §5.9.1).
func (k *KDC) refuse(code int64) []byte {
	service := Host(trace.Constant(Service), trace.Constant(k.Host))
	return application(typeError, sequence(field(0, number(version)), field(1, number(typeError)),
		field(4, stamp(trace.Value{Octets: timeOctets(k.Now())})), field(5, number(0)), field(6, number(code)),
		field(9, str(trace.Constant(k.Realm))), field(10, service.der()))).value(nil, "").Octets
}
