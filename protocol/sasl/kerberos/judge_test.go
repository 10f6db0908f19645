//go:build !js

package kerberos

import (
	"testing"
	"time"

	"github.com/jcmturner/gokrb5/v8/crypto"
	"github.com/jcmturner/gokrb5/v8/gssapi"
	"github.com/jcmturner/gokrb5/v8/iana/keyusage"
	"github.com/jcmturner/gokrb5/v8/messages"
	"github.com/jcmturner/gokrb5/v8/types"

	"example.org/smtpauth/protocol/trace"
)

// The judge is gokrb5: it reads and opens whatever is written here.
func TestJudge(t *testing.T) {
	fatal := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	k := centre()
	nonce := trace.Constant("\x00\xfe\xdc\xba")
	service := Host(trace.Constant(Service), trace.Constant("mail.example.org"))
	question := RequestTicket(nil, trace.Constant("EXAMPLE.ORG"), User(trace.Constant("tim")), service, noon().Add(24*time.Hour), nonce)
	var asked messages.ASReq
	fatal(asked.Unmarshal(question.Octets))
	if asked.ReqBody.CName.PrincipalNameString() != "tim" || asked.ReqBody.SName.PrincipalNameString() != "smtp/mail.example.org" ||
		asked.ReqBody.Nonce != 0xfedcba || len(asked.ReqBody.EType) != 1 || asked.ReqBody.EType[0] != 18 {
		t.Errorf("%+v", asked.ReqBody)
	}
	answer, err := k.Answer(question.Octets)
	fatal(err)

	// The client's part of the answer, with the key of the password.
	var rep messages.ASRep
	fatal(rep.Unmarshal(answer))
	key, _, err := crypto.GetKeyFromPassword("tanstaaftanstaaf", rep.CName, rep.CRealm, 18, rep.PAData)
	fatal(err)
	plain, err := crypto.DecryptEncPart(rep.EncPart, key, keyusage.AS_REP_ENCPART)
	fatal(err)
	var part messages.EncKDCRepPart
	fatal(part.Unmarshal(plain))
	if part.Nonce != 0xfedcba || !part.EndTime.Equal(noon().Truncate(time.Second).Add(Lifetime)) || part.SName.PrincipalNameString() != "smtp/mail.example.org" {
		t.Errorf("%+v", part)
	}
	grant, code := ReadGrant(nil, trace.Value{Octets: answer})
	session, opened, ok := grant.Open(nil, trace.Value{Octets: key.KeyValue}, nonce, service)
	if code != 0 || !opened || !ok || string(session.Octets) != string(part.Key.KeyValue) {
		t.Fatalf("%d, %v, %v, %x", code, opened, ok, session.Octets)
	}

	// The ticket and the authenticator, with the service's key.
	a := At(nil, noon())
	a.Realm, a.Client, a.Checksum, a.Sequence = grant.Realm, grant.Client, Checksum(nil, FlagMutual), trace.Constant("\x07")
	token := a.Write(nil, session, make([]byte, blockLength), grant.Ticket.Raw)
	r, ok := unframe(nil, token, idAPReq)
	if !ok {
		t.Fatal("the frame cannot be read")
	}
	var req messages.APReq
	fatal(req.Unmarshal(token.Octets[r.at:]))
	fatal(req.Ticket.Decrypt(types.EncryptionKey{KeyType: 18, KeyValue: k.Key}))
	if inside := req.Ticket.DecryptedEncPart; inside.CName.PrincipalNameString() != "tim" || inside.CRealm != "EXAMPLE.ORG" || string(inside.Key.KeyValue) != string(session.Octets) {
		t.Errorf("%+v", inside)
	}
	fatal(req.DecryptAuthenticator(req.Ticket.DecryptedEncPart.Key))
	if got := req.Authenticator; got.CName.PrincipalNameString() != "tim" || !got.CTime.Equal(noon().Truncate(time.Second)) ||
		got.Cusec != 123_456 || got.SeqNumber != 7 || got.Cksum.CksumType != checksumType {
		t.Errorf("%+v", got)
	}

	// The server's proof.
	proof := Proof{Time: a.Time, Micro: a.Micro, Subkey: trace.Value{Octets: make([]byte, KeyLength)}, Sequence: trace.Constant("\x08")}
	token = proof.Write(nil, session, make([]byte, blockLength))
	if r, ok = unframe(nil, token, idAPRep); !ok {
		t.Fatal("the frame cannot be read")
	}
	var back messages.APRep
	fatal(back.Unmarshal(token.Octets[r.at:]))
	plain, err = crypto.DecryptEncPart(back.EncPart, part.Key, keyusage.AP_REP_ENCPART)
	fatal(err)
	var proved messages.EncAPRepPart
	fatal(proved.Unmarshal(plain))
	if proved.Cusec != 123_456 || proved.SequenceNumber != 8 || string(proved.Subkey.KeyValue) != string(proof.Subkey.Octets) {
		t.Errorf("%+v", proved)
	}

	// And a wrapped message of each side.
	for _, acceptor := range []bool{true, false} {
		w := Wrapping{Key: proof.Subkey, Subkey: true, Acceptor: acceptor, Sequence: proof.Sequence}
		var got gssapi.WrapToken
		fatal(got.Unmarshal(w.Wrap(nil, trace.Constant("\x01\x00\x00\x00tim")).Octets, acceptor))
		usage := uint32(keyusage.GSSAPI_INITIATOR_SEAL)
		if acceptor {
			usage = keyusage.GSSAPI_ACCEPTOR_SEAL
		}
		if ok, err := got.Verify(types.EncryptionKey{KeyType: 18, KeyValue: proof.Subkey.Octets}, usage); !ok || err != nil {
			t.Errorf("acceptor %v: %v", acceptor, err)
		}
	}
}
