#!/usr/bin/env bash
# Makes every file of the folder `made` anew: ./make-certificates.sh
# It needs openssl 3 and the keytool of JDK 17. All passwords are "changeit".
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
made="$here/made"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
rm -rf "$made" && mkdir -p "$made"
cd "$work"
days=36500
pass=pass:changeit
curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc)

authority() { # name
  openssl req -x509 "${curve[@]}" -keyout "$1.key" -out "$1.pem" -days $days -subj "/CN=$1" \
    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign 2>/dev/null
}
signed() { # name, issuer, subject, lines of extensions, days
  openssl req -new "${curve[@]}" -keyout "$1.key" -out "$1.csr" -subj "$3" 2>/dev/null
  printf '%b' "$4" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -CAcreateserial -extfile "$1.ext" -out "$1.pem" \
    -days "${5:-$days}" 2>/dev/null
}
leaf='basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\nextendedKeyUsage='
here_names='DNS:localhost,DNS:broker.test,IP:127.0.0.1'

authority root
authority other-root
signed intermediate root /CN=intermediate 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n'
signed broker root /CN=broker "${leaf}serverAuth\nsubjectAltName=$here_names\n"
signed other-host root /CN=broker "${leaf}serverAuth\nsubjectAltName=DNS:other.example,IP:192.0.2.1\n"
# openssl dates back only so: the end is before the beginning, which every verifier calls expired.
signed expired root /CN=broker "${leaf}serverAuth\nsubjectAltName=$here_names\n" -1
signed client root /CN=client1 "${leaf}clientAuth\n"
signed chained-broker intermediate /CN=broker "${leaf}serverAuth\nsubjectAltName=$here_names\n"
signed chained-client intermediate /CN=client2 "${leaf}clientAuth\n"
signed expired-client root /CN=client3 "${leaf}clientAuth\n" -1
signed stranger other-root /CN=stranger "${leaf}clientAuth\n"
openssl req -x509 "${curve[@]}" -keyout self-signed.key -out self-signed.pem -days $days -subj /CN=broker \
  -addext "subjectAltName=$here_names" 2>/dev/null

openssl req -x509 -newkey rsa:512 -noenc -keyout weak.key -out weak.pem -days $days -subj /CN=weak 2>/dev/null

for name in weak broker chained-broker other-host expired client chained-client expired-client stranger self-signed; do
  cat "$name.key" "$name.pem" > "$made/$name.both.pem"
  cp "$name.key" "$name.pem" "$made"
done
cp root.pem other-root.pem intermediate.pem "$made"
for name in chained-broker chained-client; do cat "$name.pem" intermediate.pem > "$made/$name.chain.pem"; done

cd "$made"
openssl ec -in client.key -out client.sec1.key 2>/dev/null
openssl rsa -in <(openssl genrsa 2048 2>/dev/null) -traditional -out rsa.pkcs1.key 2>/dev/null
openssl pkcs8 -topk8 -in client.key -passout $pass -out client.encrypted.key
openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in client.key -passout $pass -out client.encrypted-3des.key
openssl pkcs8 -topk8 -v1 PBE-MD5-DES -in client.key -passout $pass -out client.encrypted-md5.key -provider legacy -provider default
openssl rsa -in rsa.pkcs1.key -aes128 -traditional -passout $pass -out rsa.old-encrypted.key 2>/dev/null

openssl pkcs12 -export -inkey client.key -in client.pem -certfile root.pem -name client -passout $pass -out client.openssl.p12
openssl pkcs12 -export -inkey client.key -in client.pem -name client -passout $pass -out client.nomac.p12 -nomac
openssl pkcs12 -export -nokeys -in root.pem -passout $pass -out trust.openssl.p12
openssl pkcs12 -export -inkey client.key -in client.pem -name client -passout $pass -out client.3des.p12 \
  -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1
import=(keytool -importcert -noprompt -alias root -file root.pem -storepass changeit)
convert=(keytool -importkeystore -noprompt -srckeystore client.openssl.p12 -srcstoretype PKCS12 -srcstorepass changeit -deststorepass changeit)
"${import[@]}" -keystore trust.java.p12 -storetype PKCS12 2>/dev/null
"${import[@]}" -keystore trust.default.jks 2>/dev/null
"${import[@]}" -keystore trust.jks -storetype JKS 2>/dev/null
"${import[@]}" -keystore trust.jceks -storetype JCEKS 2>/dev/null
"${convert[@]}" -destkeystore client.java.p12 -deststoretype PKCS12 2>/dev/null
"${convert[@]}" -destkeystore client.jks -deststoretype JKS 2>/dev/null
"${convert[@]}" -destkeystore client.keypass.jks -deststoretype JKS -destkeypass otherpass -srcalias client -destalias client 2>/dev/null
"${convert[@]}" -destkeystore both.java.p12 -deststoretype PKCS12 2>/dev/null
keytool -importcert -noprompt -alias other -file other-root.pem -storepass changeit -keystore both.java.p12 2>/dev/null
keytool -J-Dkeystore.pkcs12.legacy -importcert -noprompt -alias root -file root.pem -keystore trust.rc2.p12 \
  -storetype PKCS12 -storepass changeit 2>/dev/null
