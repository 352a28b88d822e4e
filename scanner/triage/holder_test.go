package triage

import "testing"

// Holders where the issuer is not known; those of known issuers are among their examples.
func TestHolder(t *testing.T) {
	tests := []struct {
		claims object
		want   string
	}{
		{`{}`, "unknown "},
		{`{"sub":"7"}`, "unknown "},
		{`{"sub":"7","act":{"sub":"robot"}}`, "delegated act"},
		{`{"sub":"7","may_act":{"sub":"robot"},"email":"a@b.example"}`, "delegated may_act"},
		{`{"iss":"https://token.actions.githubusercontent.com","sub":"repo:a/b:x","act":{"sub":"robot"}}`, "delegated act"},
		{`{"sub":"system:serviceaccount:a:b"}`, "workload sub"},
		{`{"sub":"c7@clients"}`, "workload sub"},
		{`{"sub":"robot@p.iam.gserviceaccount.com"}`, "workload sub"},
		{`{"sub":"c7","client_id":"c7"}`, "workload sub"},
		{`{"sub":"c7","azp":"c7","name":"Robot"}`, "workload sub"},
		{`{"sub":"u7","client_id":"c7"}`, "unknown "},
		{`{"sub":"","client_id":""}`, "unknown "},
		{`{"sub":"7","grant_type":"client_credentials"}`, "workload grant_type"},
		{`{"sub":"7","idtyp":"app"}`, "workload idtyp"},
		{`{"sub":"7","preferred_username":"service-account-robot"}`, "workload preferred_username"},
		{`{"sub":"7","email":"robot@p.iam.gserviceaccount.com"}`, "workload email"},
		{`{"sub":"7","email":"a@b.example","name":"A"}`, "person email"},
		{`{"sub":"7","name":"A"}`, "person name"},
		{`{"sub":"7","name":""}`, "unknown "},
		{`{"sub":"7","amr":["pwd"]}`, "person amr"},
		{`{"sub":"7","auth_time":1}`, "person auth_time"},
		{`{"sub":"7","nonce":"n"}`, "person nonce"},
		{`{"sub":"a@b.example"}`, "person sub"},
		{`{"sub":"google-oauth2|7"}`, "person sub"},
		{`{"sub":"7","user_metadata":{"full_name":"A B"}}`, "person user_metadata"},
		{`{"sub":"7","user":{"id":7}}`, "unknown "},
		{`{"sub":7,"email":7,"amr":7}`, "person amr"},
		// Issuers whose claim for it is not there.
		{`{"iss":"kubernetes/serviceaccount","kubernetes.io/serviceaccount/namespace":"a"}`, "workload iss"},
		{`{"iss":"kubernetes/serviceaccount","sub":"","kubernetes.io/serviceaccount/namespace":"a"}`, "workload iss"},
		{`{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x","token_use":"access"}`, "unknown "},
		{`{"iss":"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x","token_use":"id","email":"a@b.example"}`, "person email"},
		{`{"iss":"https://accounts.google.com","aud":"x"}`, "unknown "},
	}
	for _, test := range tests {
		j := judged(t, test.claims)
		if got := j.Holder.Kind + " " + j.Holder.By; got != test.want {
			t.Errorf("%s: %q, want %q", test.claims, got, test.want)
		}
	}
}
