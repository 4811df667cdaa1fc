/** A JAAS text, and what Kafka's own parser makes of it on Java 17. */
export interface JaasCase {
  readonly text: string
  /** Null if it is refused. */
  readonly module: string | null
  readonly options: Readonly<Record<string, string>>
}

function taken(text: string, module: string, options: JaasCase['options']): JaasCase {
  return { text, module, options }
}

function refused(text: string): JaasCase {
  return { text, module: null, options: {} }
}

export const jaasCases: readonly JaasCase[] = [
  taken(
    'org.apache.kafka.common.security.plain.PlainLoginModule required username="alice" password="secret";',
    'org.apache.kafka.common.security.plain.PlainLoginModule',
    { password: 'secret', username: 'alice' },
  ),
  taken("x.M required username='alice' password='se\"cret';", 'x.M', {
    password: 'se"cret',
    username: 'alice',
  }),
  taken('x.M required username=alice password=secret;', 'x.M', { password: 'secret', username: 'alice' }),
  taken('x.M REQUIRED a=b;', 'x.M', { a: 'b' }),
  taken('x.M Requisite;', 'x.M', {}),
  taken('x.M sufficient a="1" ;', 'x.M', { a: '1' }),
  taken('x.M optional a="1";', 'x.M', { a: '1' }),
  refused('x.M wrong a="1";'),
  refused('x.M required a="1"'),
  refused('x.M required a=1;'),
  refused('x.M required a=-1;'),
  refused('x.M required a=1b;'),
  taken('x.M required a=b1;', 'x.M', { a: 'b1' }),
  taken('x.M required a=b.c-d_e$f;', 'x.M', { a: 'b.c-d_e$f' }),
  taken('x.M required a=$ConnectionString;', 'x.M', { a: '$ConnectionString' }),
  taken(
    'x.M required username="$ConnectionString" password="Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=abc+/d=";',
    'x.M',
    {
      password: 'Endpoint=sb://ns.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=abc+/d=',
      username: '$ConnectionString',
    },
  ),
  refused('x.M required a=b/c;'),
  refused('x.M required a=b//c;'),
  taken('x.M required a="b//c";', 'x.M', { a: 'b//c' }),
  taken('x.M required a="b/*c*/d";', 'x.M', { a: 'b/*c*/d' }),
  taken('x.M required /* comment */ a="b";', 'x.M', { a: 'b' }),
  taken('x.M required a="b" // comment\n c="d";', 'x.M', { a: 'b', c: 'd' }),
  taken('x.M required a="b" / comment\n c="d";', 'x.M', { a: 'b', c: 'd' }),
  refused('x.M required a="b" # c="d";'),
  taken('x.M required a="b\\"c";', 'x.M', { a: 'b"c' }),
  taken('x.M required a="b\\\\c";', 'x.M', { a: 'b\\c' }),
  taken('x.M required a="b\\nc";', 'x.M', { a: 'b\nc' }),
  taken('x.M required a="b\\tc";', 'x.M', { a: 'b\tc' }),
  taken('x.M required a="b\\qc";', 'x.M', { a: 'bqc' }),
  taken('x.M required a="b\\101c";', 'x.M', { a: 'bAc' }),
  taken('x.M required a="b\\0c";', 'x.M', { a: 'b\u0000c' }),
  taken('x.M required a="b\\777c";', 'x.M', { a: 'b?7c' }),
  taken('x.M required a="b\\u0041c";', 'x.M', { a: 'bu0041c' }),
  refused('x.M required a="b\nc";'),
  refused('x.M required a="b'),
  taken('x.M required a="";', 'x.M', { a: '' }),
  taken("x.M required a='';", 'x.M', { a: '' }),
  taken('x.M required a= "b";', 'x.M', { a: 'b' }),
  taken('x.M required a ="b";', 'x.M', { a: 'b' }),
  taken('x.M required a = "b";', 'x.M', { a: 'b' }),
  refused('x.M required a "b";'),
  refused('x.M required a=;'),
  refused('x.M required =b;'),
  taken('x.M required "a"="b";', 'x.M', { a: 'b' }),
  taken('x.M required a="b" a="c";', 'x.M', { a: 'c' }),
  refused('x.M required a="b",c="d";'),
  taken('x.M required a="b"c="d";', 'x.M', { a: 'b', c: 'd' }),
  taken('x.M required a=b c=d;', 'x.M', { a: 'b', c: 'd' }),
  taken('x.M required a=pässword;', 'x.M', { a: 'pässword' }),
  taken('x.M required a="pässword";', 'x.M', { a: 'pässword' }),
  taken('x.M required a=пароль;', 'x.M', { a: 'пароль' }),
  refused('x.M required a=p%w;'),
  refused('x.M required a=p!w;'),
  refused('x.M required a=p@w;'),
  taken('x.M required a="p%!@w";', 'x.M', { a: 'p%!@w' }),
  refused('x.M required a="b"; y.N required c="d";'),
  refused('x.M required a="b";;'),
  refused('KafkaClient { x.M required a="b"; };'),
  refused(';'),
  refused('\n'),
  refused(''),
  refused('x.M'),
  refused('x.M required'),
  taken('"x.M" required a="b";', 'x.M', { a: 'b' }),
  taken('x.M required tokenauth=true username="id" password="hmac==";', 'x.M', {
    password: 'hmac==',
    tokenauth: 'true',
    username: 'id',
  }),
  taken(
    'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule required clientId="id" clientSecret="s" scope="a b" extension_logicalCluster="lkc-1" ssl.truststore.location="/x/y.jks";',
    'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule',
    {
      clientId: 'id',
      clientSecret: 's',
      extension_logicalCluster: 'lkc-1',
      scope: 'a b',
      'ssl.truststore.location': '/x/y.jks',
    },
  ),
  taken(
    'software.amazon.msk.auth.iam.IAMLoginModule required awsRoleArn="arn:aws:iam::123456789012:role/x" awsDebugCreds=true;',
    'software.amazon.msk.auth.iam.IAMLoginModule',
    { awsDebugCreds: 'true', awsRoleArn: 'arn:aws:iam::123456789012:role/x' },
  ),
  taken(
    'com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true storeKey=true keyTab="/etc/k.keytab" principal="c@REALM";',
    'com.sun.security.auth.module.Krb5LoginModule',
    { keyTab: '/etc/k.keytab', principal: 'c@REALM', storeKey: 'true', useKeyTab: 'true' },
  ),
]
